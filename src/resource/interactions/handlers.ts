/**
 * The interactions that are built. What is not in this table is answered 501, whatever the token says, and is absent
 * from the CapabilityStatement, which is made of it.
 */
import type { InteractionKind } from '../../smart/interaction.ts'
import { operation } from '../operations/index.ts'
import { capabilities } from './capabilities.ts'
import { create } from './create.ts'
import type { Handler } from './handler.ts'
import { read } from './read.ts'
import { searchCompartment, searchSystem, searchType } from './search.ts'
import { update } from './update.ts'
import { vread } from './vread.ts'

type Handlers = { readonly [Kind in InteractionKind]?: Handler<Kind> }

export const handlers: Handlers = {
  capabilities,
  read,
  vread,
  'search-type': searchType,
  'search-system': searchSystem,
  'search-compartment': searchCompartment,
  create,
  update,
  operation,
}

/** The interactions of {@link handlers}. */
export const builtInteractions = Object.keys(handlers) as readonly InteractionKind[]
