/**
 * The interactions that are built. What is not in this table is answered 501, whatever the token says, and is absent
 * from the CapabilityStatement, which is made of it.
 */
import type { InteractionKind } from '../../smart/interaction.ts'
import { capabilities } from './capabilities.ts'
import type { Handler } from './handler.ts'
import { read } from './read.ts'
import { searchCompartment, searchSystem, searchType } from './search.ts'
import { vread } from './vread.ts'

type Handlers = { readonly [Kind in InteractionKind]?: Handler<Kind> }

/** Reads and searches are there from the start; all else is loaded with the first request for it. */
const updates = () => import('./update.ts')
const deletions = () => import('./delete.ts')
const operations = () => import('../operations/index.ts')
const patches = () => import('./patch.ts')
const history = () => import('./history.ts')

export const handlers: Handlers = {
  capabilities,
  read,
  vread,
  'search-type': searchType,
  'search-system': searchSystem,
  'search-compartment': searchCompartment,
  create: async (...asked) => (await import('./create.ts')).create(...asked),
  update: async (...asked) => (await updates()).update(...asked),
  operation: async (...asked) => (await operations()).operation(...asked),
  'conditional-update': async (...asked) => (await updates()).conditionalUpdate(...asked),
  patch: async (...asked) => (await patches()).patch(...asked),
  'conditional-patch': async (...asked) => (await patches()).conditionalPatch(...asked),
  delete: async (...asked) => (await deletions()).deleteOne(...asked),
  'conditional-delete': async (...asked) => (await deletions()).conditionalDelete(...asked),
  'history-instance': async (...asked) => (await history()).historyInstance(...asked),
  'history-type': async (...asked) => (await history()).historyType(...asked),
  'history-system': async (...asked) => (await history()).historySystem(...asked),
  batch: async (...asked) => (await import('../bundle/batch.ts')).batch(...asked),
  transaction: async (...asked) => (await import('../bundle/transaction.ts')).transaction(...asked),
}

/** The interactions of {@link handlers}. */
export const builtInteractions = Object.keys(handlers) as readonly InteractionKind[]
