/**
 * The letters that an operation needs, by where it is called. What is not in this table has none, and is refused:
 * no scope stands for an operation unless somebody says which. An operation that shows resources needs what reading or
 * searching them would need; each type that it brings along is judged by its own reach.
 * @see SMART App Launch 2.2, scopes for requesting FHIR resources
 */
import type { Letter } from './scope.ts'

/** An operation as it is asked: its name without `$`, on a type, on one resource, or on the whole server. */
export interface OperationCall {
  readonly name: string
  readonly type?: string
  readonly id?: string
}

/** Where an operation is called. */
export type OperationPlace = 'system' | 'type' | 'instance'

/** One way to call an operation. */
export interface OperationUse {
  readonly place: OperationPlace
  /** The types it is there for; `*` is every type. For the whole server there is none. */
  readonly types: readonly string[] | '*'
  /** All of these, on the type that is named; without a type, on any type. */
  readonly letters: readonly Letter[]
}

/** The operations that scopes can speak of, and each way to call them. */
export const operationUses = {
  everything: [
    { place: 'instance', types: ['Patient', 'Encounter'], letters: ['r', 's'] },
    { place: 'type', types: ['Patient'], letters: ['r', 's'] },
  ],
  match: [{ place: 'type', types: ['Patient'], letters: ['s'] }],
  lastn: [{ place: 'type', types: ['Observation'], letters: ['s'] }],
  docref: [{ place: 'type', types: ['DocumentReference'], letters: ['s'] }],
  meta: [
    { place: 'instance', types: '*', letters: ['r'] },
    { place: 'type', types: '*', letters: ['s'] },
    { place: 'system', types: [], letters: ['s'] },
  ],
  'meta-add': [{ place: 'instance', types: '*', letters: ['u'] }],
  'meta-delete': [{ place: 'instance', types: '*', letters: ['u'] }],
  // What is sent is judged, and no data is looked at.
  validate: [
    { place: 'type', types: '*', letters: [] },
    { place: 'instance', types: '*', letters: [] },
  ],
  // What the holder of a token may see is read off the token and its user's rights.
  access: [{ place: 'system', types: [], letters: [] }],
} as const satisfies Readonly<Record<string, readonly OperationUse[]>>

export type OperationName = keyof typeof operationUses

/** Whether a call changes what it is called on. */
export function isChange({ name }: OperationCall): boolean {
  return name === 'meta-add' || name === 'meta-delete'
}

/** Whether an operation of this name is in the table. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operationUses, name)
}

/** The way in which an operation is called; nothing when it is unknown, or not there for this place and type. */
export function operationUse(call: OperationCall): OperationUse | undefined {
  const uses: readonly OperationUse[] = isOperationName(call.name) ? operationUses[call.name] : []
  const place = placeOf(call)
  return uses.find((use) => use.place === place && isFor(use, call.type))
}

function placeOf({ type, id }: OperationCall): OperationPlace {
  if (type === undefined) return 'system'
  return id === undefined ? 'type' : 'instance'
}

function isFor({ types }: OperationUse, type: string | undefined): boolean {
  return type === undefined || types === '*' || types.includes(type)
}
