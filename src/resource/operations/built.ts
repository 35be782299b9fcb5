import type { Interaction } from '../../smart/interaction.ts'
import { operationUse } from '../../smart/operations.ts'

/** Whether there is a handler: of operations only those that are in the table, where it has them. */
export function isBuilt(asked: Interaction): boolean {
  return asked.kind !== 'operation' || operationUse(asked) !== undefined
}
