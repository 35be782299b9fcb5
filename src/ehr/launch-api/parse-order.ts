// The body is one JSON object of known members, each of its own type; what is wrong is named. contract.md, Launch API; CTX-14 to CTX-36.
import { z } from 'zod'
import type { HttpRequest } from '../../http/route.ts'
import type { LaunchContext } from '../../smart/context.ts'
import { contextOf, fhirContextOf, fhirContextShape, memberAt, plainText } from '../launch-context-shape.ts'
import { LaunchApiError, wrongMember } from './errors.ts'

const longestName = 300

/** A launch as another system orders it. */
export interface LaunchOrder {
  readonly clientId: string
  /** An account name or a FHIR reference. */
  readonly user: string
  readonly context: LaunchContext
  /** When the user signed in at the system that orders: seconds since 1970. */
  readonly authTime?: number
}

const name = plainText.max(longestName)

const time = z.custom<number>(
  (value) => Number.isSafeInteger(value) && Number(value) > 0,
  'whole seconds since 1970 are expected',
)

const shape = z.strictObject({
  client_id: name,
  user: name,
  patient: plainText.optional(),
  encounter: plainText.optional(),
  fhirContext: fhirContextShape.optional(),
  intent: plainText.optional(),
  need_patient_banner: z.boolean().optional(),
  smart_style_url: plainText.optional(),
  tenant: plainText.optional(),
  appContext: plainText.optional(),
  auth_time: time.optional(),
})

/** Reads the order of a request. */
export function parseOrder(request: HttpRequest): LaunchOrder {
  if (request.contentType !== 'application/json')
    throw new LaunchApiError(415, 'invalid_request', 'The body has to be application/json.')
  const checked = shape.safeParse(parseJson(request.body))
  if (!checked.success) throw problemIn(checked.error.issues[0])
  const { client_id, user, auth_time, fhirContext, need_patient_banner, smart_style_url, ...rest } =
    checked.data
  const context = contextOf({
    ...rest,
    fhirContext: fhirContext && fhirContextOf(fhirContext),
    needPatientBanner: need_patient_banner,
    smartStyleUrl: smart_style_url,
  })
  return { clientId: client_id, user, context, ...(auth_time !== undefined && { authTime: auth_time }) }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new LaunchApiError(400, 'invalid_request', 'The body is not JSON.')
  }
}

function problemIn(issue: z.core.$ZodIssue | undefined): LaunchApiError {
  const place = memberAt(issue?.path ?? [])
  if (issue?.code === 'unrecognized_keys') {
    const unknown = [place, issue.keys[0]?.slice(0, longestName)].filter(Boolean).join('.')
    return wrongMember(unknown, 'there is no such member')
  }
  if (place === '') return new LaunchApiError(400, 'invalid_request', 'The body has to be one JSON object.')
  return wrongMember(place, issue?.message ?? 'not acceptable')
}
