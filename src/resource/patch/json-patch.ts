/**
 * JSON Patch: operations on a JSON document, all of them or none. @see RFC 6902; FHIR R4 http, patch
 */
import { isDeepStrictEqual } from 'node:util'
import { copyExact, note, writtenAs } from '../exact-json.ts'
import { malformedPatch, unfitPatch } from './patch-error.ts'
import { findSpot, indexIn, parsePointer, valueAt } from './pointer.ts'

type Tokens = readonly string[]

/** One operation, understood. */
export type JsonOperation =
  | {
      readonly op: 'add' | 'replace' | 'test'
      readonly path: Tokens
      readonly value: unknown
      /** How a number was written, where that is not the usual way. */
      readonly written?: string
    }
  | { readonly op: 'remove'; readonly path: Tokens }
  | { readonly op: 'move' | 'copy'; readonly path: Tokens; readonly from: Tokens }

const mostOperations = 1000
/** Copies of copies grow without bound: characters that all copies together may have. */
const mostCopied = 1024 * 1024
/** Elements that all moves together may move: each is looked at, for how deep it comes to lie. */
const mostMoved = 300_000
/** Deeper than any resource; shallow enough for every recursive walk. */
const deepest = 64

/** Reads a patch; throws for what is none. */
export function parseJsonPatch(value: unknown): JsonOperation[] {
  if (!Array.isArray(value)) throw malformedPatch(0, 'a JSON Patch is a list of operations')
  if (value.length > mostOperations) throw malformedPatch(mostOperations, 'there are too many')
  return value.map(parseOperation)
}

function parseOperation(value: unknown, at: number): JsonOperation {
  if (typeof value !== 'object' || value === null) throw malformedPatch(at, 'it is no object')
  const { op, path: written, from: source } = value as Record<string, unknown>
  const path = parsePointer(written)
  if (!path) throw malformedPatch(at, 'path is no JSON Pointer')
  switch (op) {
    case 'remove':
      return { op, path }
    case 'add':
    case 'replace':
    case 'test':
      if (!('value' in value)) throw malformedPatch(at, 'value is missing')
      return withText({ op, path, value: value.value }, writtenAs(value, 'value'))
    case 'move':
    case 'copy': {
      const from = parsePointer(source)
      if (!from) throw malformedPatch(at, 'from is no JSON Pointer')
      if (op === 'move' && isInside(path, from)) throw malformedPatch(at, 'nothing moves into itself')
      return { op, path, from }
    }
    default:
      throw malformedPatch(at, 'op has to be add, remove, replace, move, copy or test')
  }
}

function withText<Operation>(operation: Operation, written: string | undefined): Operation {
  return written === undefined ? operation : { ...operation, written }
}

function isInside(path: Tokens, from: Tokens): boolean {
  return path.length > from.length && from.every((token, at) => path[at] === token)
}

/** The document after all operations; it itself stays as it was. Throws when one does not fit. */
export function applyJsonPatch(document: unknown, operations: readonly JsonOperation[]): unknown {
  let patched = copyExact(document)
  let copied = 0
  let moved = 0
  operations.forEach((operation, at) => {
    const unfit = () => unfitPatch(at, `${operation.op} finds no such place, or another value`)
    if (operation.op === 'move') {
      moved += elementsIn(need(patched, operation.from, unfit))
      if (moved > mostMoved) throw unfitPatch(at, 'the moves are of too many elements')
    }
    if (operation.op === 'copy') {
      copied += JSON.stringify(need(patched, operation.from, unfit)).length
      if (copied > mostCopied) throw unfitPatch(at, 'the copies are too large')
    }
    patched = applyOne(patched, operation, unfit)
  })
  return patched
}

/** Copies into copies nest without bound, and so do moves. */
function checkDepth(path: Tokens, value: unknown, unfit: Unfit): void {
  if (path.length + depthOf(value) > deepest) throw unfit()
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((most, member) => Math.max(most, depthOf(member)), 0) + 1
}

function elementsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, member) => sum + elementsIn(member), 1)
}

type Unfit = () => Error

function applyOne(document: unknown, operation: JsonOperation, unfit: Unfit): unknown {
  const { op, path } = operation
  switch (op) {
    case 'add':
      return add(document, path, copyExact(operation.value), unfit, operation.written)
    case 'remove':
      return remove(document, path, unfit)
    case 'replace':
      need(document, path, unfit)
      return path.length === 0
        ? copyExact(operation.value)
        : set(document, path, copyExact(operation.value), unfit, operation.written)
    case 'copy':
      return add(document, path, copyExact(need(document, operation.from, unfit)), unfit)
    case 'move': {
      const value = need(document, operation.from, unfit)
      return add(remove(document, operation.from, unfit), path, value, unfit)
    }
    case 'test':
      if (!isSameJson(need(document, path, unfit), operation.value)) throw unfit()
      return document
  }
}

/** Numbers are the same that are numerically equal, however they were written. @see RFC 6902 §4.6 */
function isSameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(asNumbers(a), asNumbers(b))
}

function asNumbers(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

/** What stands at a place that has to exist. */
function need(document: unknown, path: Tokens, unfit: Unfit): unknown {
  const spot = findSpot(document, path)
  const value = path.length === 0 ? document : spot && valueAt(spot)
  if (value === undefined) throw unfit()
  return value
}

function add(document: unknown, path: Tokens, value: unknown, unfit: Unfit, written?: string): unknown {
  checkDepth(path, value, unfit)
  if (path.length === 0) return value
  const spot = findSpot(document, path)
  if (!spot) throw unfit()
  const { holder, token } = spot
  if (!Array.isArray(holder)) return set(document, path, value, unfit, written)
  const index = token === '-' || token === String(holder.length) ? holder.length : indexIn(holder, token)
  if (index === undefined) throw unfit()
  holder.splice(index, 0, value)
  return document
}

function set(document: unknown, path: Tokens, value: unknown, unfit: Unfit, written?: string): unknown {
  const spot = findSpot(document, path)
  if (!spot) throw unfit()
  checkDepth(path, value, unfit)
  ;(spot.holder as Record<string, unknown>)[spot.token] = value
  note(spot.holder, spot.token, written)
  return document
}

function remove(document: unknown, path: Tokens, unfit: Unfit): unknown {
  need(document, path, unfit)
  const spot = findSpot(document, path)
  // The whole document cannot go: what is left would be no resource.
  if (!spot) throw unfit()
  const { holder, token } = spot
  if (Array.isArray(holder)) holder.splice(Number(token), 1)
  else delete holder[token]
  return document
}
