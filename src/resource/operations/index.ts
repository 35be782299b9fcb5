/**
 * The operations that are built, by name. Where each may be called and which letters it needs is in `smart/operations`;
 * one that is not in both is answered 501 and absent from the CapabilityStatement, which is made of these.
 * @see FHIR R4 operations
 */
import {
  isOperationName,
  type OperationName,
  type OperationUse,
  operationUses,
} from '../../smart/operations.ts'
import type { Handler } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'
import type { FhirRequest } from '../request.ts'
import { access } from './access/index.ts'
import { docref } from './docref.ts'
import { everything } from './everything/index.ts'
import { readGiven } from './given.ts'
import { lastn } from './lastn/index.ts'
import { match } from './match/index.ts'
import { meta } from './meta.ts'
import { metaAdd, metaDelete } from './meta-change.ts'
import type { Operation } from './operation.ts'
import { validateOperation } from './validate.ts'

const operations: Readonly<Record<OperationName, Operation>> = {
  everything,
  match,
  lastn,
  docref,
  meta,
  'meta-add': metaAdd,
  'meta-delete': metaDelete,
  validate: validateOperation,
  access,
}

/** Answers a call of any operation, once its parameters are read. */
export const operation: Handler<'operation'> = async (exchange, services) => {
  const { name } = exchange.asked
  if (!isOperationName(name)) throw new FhirError('notBuilt', { detail: name })
  const { methods, parameters, answer } = operations[name]
  checkMethod(exchange.request, methods)
  return answer({ ...exchange, given: readGiven(exchange, parameters) }, services)
}

function checkMethod({ method }: FhirRequest, methods: Operation['methods']): void {
  const asked = method === 'HEAD' ? 'GET' : method
  if (methods.some((one) => one === asked)) return
  const allow = methods.join(', ')
  throw new FhirError('method', { text: `This operation is called by ${allow}.`, headers: { allow } })
}

/** An operation as the CapabilityStatement lists it. */
export interface ListedOperation {
  readonly name: string
  readonly definition: string
}

/** The operations on a type and its resources, or without a type those on the whole server. */
export function listOperations(type?: string): ListedOperation[] {
  const names = Object.keys(operationUses) as OperationName[]
  return names
    .filter((name) => operationUses[name].some((use) => isListed(use, type)))
    .map((name) => ({ name, definition: operations[name].definition(type) }))
}

function isListed({ place, types }: OperationUse, type: string | undefined): boolean {
  if (type === undefined) return place === 'system'
  return place !== 'system' && (types === '*' || types.includes(type))
}
