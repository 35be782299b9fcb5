/** What an operation is here: where it is defined, how it may be called, what it takes, and how it is answered. */
import type { Exchange, Prepared, Services } from '../interactions/handler.ts'
import type { Given } from './given.ts'
import type { ParameterDefinition } from './parameter-kinds.ts'

/** A call that was permitted, with its parameters read. */
export interface Call extends Exchange<'operation'> {
  readonly given: Given
}

export interface Operation {
  /** The canonical URL of its OperationDefinition, which may differ by type. */
  readonly definition: (type: string | undefined) => string
  /** HEAD goes with GET. An operation that takes a resource, or changes anything, is POST only. */
  readonly methods: readonly ('GET' | 'POST')[]
  readonly parameters: readonly ParameterDefinition[]
  readonly answer: (call: Call, services: Services) => Promise<Prepared>
}
