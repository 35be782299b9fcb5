/**
 * Reads the patch that a request carries, in either form, as one function from resource to resource.
 * @see FHIR R4 http, patch
 */
import { parseJson, parseParameters } from '../body.ts'
import { jsonNames } from '../negotiate.ts'
import { FhirError } from '../outcomes.ts'
import type { FhirRequest } from '../request.ts'
import { type PathOperation, parsePathPatch } from './fhirpath-operation.ts'
import { applyPathPatch } from './fhirpath-patch.ts'
import { applyJsonPatch, type JsonOperation, parseJsonPatch } from './json-patch.ts'

/** The media type of a JSON Patch. @see RFC 6902 §6 */
export const jsonPatchType = 'application/json-patch+json'

/** A patch. */
export interface Patch {
  /** The resource as it would be; throws when the patch does not fit. The one given stays as it was. */
  readonly apply: (resource: unknown) => unknown
  /** Whether the outcome tells what is in the resource: then only who may read it may send the patch. */
  readonly asks: boolean
}

/** Reads the body; throws when it is no patch. */
export function parsePatch({ contentType, body }: FhirRequest): Patch {
  if (contentType === jsonPatchType) {
    const operations = parseJsonPatch(parseJson(body))
    return { apply: (resource) => applyJsonPatch(resource, operations), asks: operations.some(isTelling) }
  }
  if (!jsonNames.has(contentType)) throw new FhirError('patchType')
  const operations = parsePathPatch(parseParameters(body))
  return { apply: (resource) => applyPathPatch(resource, operations), asks: operations.some(isChoosing) }
}

/** What was copied or moved to where it does not belong would be told by what is wrong with it there. */
function isTelling({ op }: JsonOperation): boolean {
  return op === 'test' || op === 'copy' || op === 'move'
}

function isChoosing({ path }: PathOperation): boolean {
  return path.some((step) => step.kind === 'where')
}
