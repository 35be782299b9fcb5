import type { HttpReply, HttpRequest, Method } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import type { By } from '../ports.ts'

/** One call of the administration API: what it answers to an app that may make it. */
export type Call = readonly [
  method: Method,
  path: string,
  answer: (request: HttpRequest, by: By, deps: AdminDeps) => Promise<HttpReply>,
]
