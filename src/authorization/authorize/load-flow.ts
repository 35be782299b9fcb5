// A flow is found by the secret in its address, until it is finished or its ten minutes are over.
import { OAuthError } from '../errors.ts'
import type { FlowStore } from '../ports.ts'
import { hashSecret } from '../secrets.ts'
import type { Flow } from './flow.ts'

const shape = /^[A-Za-z0-9_-]{43}$/

/** The running flow of that id; an error page when there is none. */
export async function loadFlow(id: string, flows: FlowStore, now: number): Promise<Flow> {
  const flow = shape.test(id) ? await flows.find(hashSecret(id)) : undefined
  if (!flow || flow.state === 'finished' || flow.expiresAt <= now) throw new OAuthError('flowUnknown')
  return flow
}
