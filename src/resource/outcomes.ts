/**
 * Every error of the FHIR API: status, issue type, whether a rule refused it or it merely failed, and what the public
 * may read. A more exact public text may be given at the place; `detail` and `touched` are for the log and the trail only.
 * @see FHIR R4 OperationOutcome; RFC 6750 §3.1
 */
import type { Touched } from '../audit/fhir-access.ts'
import type { Resource } from '../smart/resource.ts'
import type { FhirReply } from './request.ts'

interface ErrorKind {
  readonly status: number
  readonly issue: string
  readonly refused: boolean
  readonly text: string
}

const failed = (status: number, issue: string, text: string): ErrorKind => ({
  status,
  issue,
  refused: false,
  text,
})
const refused = (status: number, issue: string, text: string): ErrorKind => ({
  status,
  issue,
  refused: true,
  text,
})

/** The catalogue. */
export const fhirErrors = {
  tokenMissing: refused(401, 'login', 'An access token is needed: Authorization: Bearer.'),
  tokenMalformed: refused(400, 'login', 'The Authorization header holds no well-formed bearer token.'),
  tokenInvalid: refused(401, 'login', 'The access token is unknown, expired or revoked.'),
  proofInvalid: refused(401, 'login', 'The DPoP proof is not acceptable.'),
  forbidden: refused(403, 'forbidden', 'This access token does not allow this.'),
  forbiddenContent: refused(
    403,
    'forbidden',
    'The resource, as it would be stored, is outside what may be written.',
  ),
  keptByServer: refused(
    403,
    'forbidden',
    'What people decided about apps is kept by this server alone (the tag urn:chartkey:kept|app-decision): it cannot be written, changed or deleted here. A person takes a decision back at /account/apps.',
  ),
  labelled: refused(403, 'forbidden', 'A label of the resource may not be changed by this access token.'),
  gone: failed(410, 'deleted', 'The resource was deleted.'),
  notFound: refused(404, 'not-found', 'There is no such resource.'),

  unacceptable: failed(406, 'not-supported', 'This server answers in JSON only: application/fhir+json.'),
  bodyType: failed(415, 'not-supported', 'The body has to be application/fhir+json.'),
  patchType: failed(
    415,
    'not-supported',
    'The body of a patch has to be application/json-patch+json, or Parameters as application/fhir+json.',
  ),
  formType: failed(415, 'not-supported', 'The body of a search has to be application/x-www-form-urlencoded.'),
  malformed: failed(400, 'structure', 'The body is not a JSON object.'),
  contradiction: failed(400, 'invalid', 'The body contradicts the address.'),
  unknownEntry: failed(400, 'invalid', 'The entry asks for nothing that FHIR R4 knows.'),
  twice: failed(400, 'invalid', 'Another entry of the transaction is about the same resource.'),
  noRoom: failed(413, 'too-costly', 'The answers before this one are too large: ask for it by itself.'),
  parameter: failed(400, 'invalid', 'A parameter cannot be understood.'),
  unsupported: failed(400, 'not-supported', 'A parameter asks for what this server does not do.'),
  tooCostly: failed(422, 'too-costly', 'This would look at too many resources; ask for less.'),
  invalid: failed(422, 'invalid', 'The resource is not valid.'),
  unknownAddress: failed(404, 'not-found', 'This address is no part of the FHIR API.'),
  unknownType: failed(404, 'not-supported', 'This is no resource type of FHIR R4.'),
  method: failed(405, 'not-supported', 'This method is no part of the FHIR API here.'),
  notBuilt: failed(501, 'not-supported', 'This server does not support this interaction.'),
  stale: failed(412, 'conflict', 'The resource has another version than the one that If-Match names.'),
  present: failed(412, 'conflict', 'The resource has a version that If-None-Match excludes.'),
  ambiguous: failed(412, 'multiple-matches', 'The condition names several resources.'),
  unselective: failed(412, 'required', 'A condition needs at least one search parameter.'),
  unresolved: failed(412, 'not-found', 'A conditional reference names no resource.'),
  unpatched: failed(422, 'processing', 'The patch does not fit the resource.'),
  raced: failed(409, 'conflict', 'The resource was changed by somebody else at the same time.'),
  page: failed(404, 'not-found', 'This page link is not valid, or it belongs to somebody else.'),
  tooLarge: failed(413, 'too-long', 'The request is too large.'),
  unaudited: failed(503, 'transient', 'Access could not be put on record, so it was not given.'),
  exception: failed(500, 'exception', 'Something went wrong on this server.'),
} as const

export type FhirErrorName = keyof typeof fhirErrors

interface More {
  /** Instead of the catalogue's text. */
  readonly text?: string
  /** FHIRPath of the element at fault. */
  readonly expression?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Several problems at once, instead of one text. */
  readonly issues?: readonly Problem[]
  /** Why, for the audit trail. */
  readonly detail?: string
  /** What the caller would have stored, to work out which scope would have allowed it. It is in no reply. */
  readonly content?: Resource
  /** What was aimed at although the caller must not learn of it, for the audit trail. */
  readonly touched?: Touched
}

/** One problem of a resource or a request. */
export interface Problem {
  readonly text: string
  readonly expression?: string
}

/** An error that the caller is told of. */
export class FhirError extends Error {
  readonly error: FhirErrorName
  readonly kind: ErrorKind
  readonly more: More

  constructor(error: FhirErrorName, more: More = {}) {
    super(more.text ?? fhirErrors[error].text)
    this.error = error
    this.kind = fhirErrors[error]
    this.more = more
  }
}

/** Headers of every reply: FHIR JSON, and health data is kept by no cache. */
export const fhirHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/fhir+json; charset=utf-8',
  'cache-control': 'no-store',
}

/** The reply that tells an error. */
export function errorReply({ kind, more, message }: FhirError): FhirReply {
  const problems = more.issues ?? [
    more.expression === undefined ? { text: message } : { text: message, expression: more.expression },
  ]
  return {
    status: kind.status,
    headers: { ...fhirHeaders, ...more.headers },
    body: JSON.stringify(outcome('error', kind.issue, problems)),
  }
}

/** An OperationOutcome with one issue for each problem. */
export function outcome(
  severity: 'error' | 'warning' | 'information',
  issue: string,
  problems: readonly Problem[],
) {
  return {
    resourceType: 'OperationOutcome',
    issue: problems.map(({ text, expression }) => ({
      severity,
      code: issue,
      diagnostics: text,
      ...(expression !== undefined && { expression: [expression] }),
    })),
  }
}
