/**
 * The interactions that are built. What is not in this table is answered 501, whatever the token says, and is absent
 * from the CapabilityStatement, which is made of it.
 */
import type { InteractionKind } from '../../smart/interaction.ts'
import { batch } from '../bundle/batch.ts'
import { transaction } from '../bundle/transaction.ts'
import { operation } from '../operations/index.ts'
import { capabilities } from './capabilities.ts'
import { create } from './create.ts'
import { conditionalDelete, deleteOne } from './delete.ts'
import type { Handler } from './handler.ts'
import { historyInstance, historySystem, historyType } from './history.ts'
import { conditionalPatch, patch } from './patch.ts'
import { read } from './read.ts'
import { searchCompartment, searchSystem, searchType } from './search.ts'
import { conditionalUpdate, update } from './update.ts'
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
  'conditional-update': conditionalUpdate,
  patch,
  'conditional-patch': conditionalPatch,
  delete: deleteOne,
  'conditional-delete': conditionalDelete,
  'history-instance': historyInstance,
  'history-type': historyType,
  'history-system': historySystem,
  batch,
  transaction,
}

/** The interactions of {@link handlers}. */
export const builtInteractions = Object.keys(handlers) as readonly InteractionKind[]
