// A body is one JSON object of known members, each of its own kind; what is wrong is named.
import { z } from 'zod'
import type { HttpRequest } from '../../http/route.ts'
import { ApiError } from './errors.ts'

/** Any JSON object. */
export const anyObject = z.record(z.string(), z.unknown())

/** The body, checked; an empty one is the empty object. */
export function parseBody<Shape extends z.ZodType>(request: HttpRequest, shape: Shape): z.output<Shape> {
  if (request.body !== '' && request.contentType !== 'application/json') {
    throw new ApiError(415, 'invalid_request', 'The body has to be application/json.')
  }
  const checked = shape.safeParse(request.body === '' ? {} : parseJson(request.body))
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const member =
    issue?.code === 'unrecognized_keys'
      ? String(issue.keys[0]).slice(0, 100)
      : (issue?.path.map(String).join('.') ?? '')
  if (member === '') throw new ApiError(400, 'invalid_request', 'The body has to be one JSON object.')
  const text =
    issue?.code === 'unrecognized_keys' ? 'there is no such member' : (issue?.message ?? 'not acceptable')
  throw new ApiError(400, 'invalid_request', `${member}: ${text}`, member)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid_request', 'The body is not JSON.')
  }
}
