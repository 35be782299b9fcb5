// A flow is found by the secret in its address, until its ten minutes are over; one that has finished, until it is swept up.
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore, FlowStore } from '../ports.ts'
import { hashSecret } from '../secrets.ts'
import { isRegistered } from './check-redirect-uri.ts'
import type { Flow } from './flow.ts'

const shape = /^[A-Za-z0-9_-]{43}$/

/** The flow of that id; an error page when there is none, or when it came to no end in its time. */
export async function loadFlow(id: string, flows: FlowStore, now: number): Promise<Flow> {
  const flow = shape.test(id) ? await flows.find(hashSecret(id)) : undefined
  if (!flow || (flow.state !== 'finished' && flow.expiresAt <= now)) throw new OAuthError('flowUnknown')
  return flow
}

/** The client as it is now: since the flow began it may have been disabled, or have given up the address that the answer goes to. */
export async function loadFlowClient({ request }: Flow, clients: Pick<ClientStore, 'find'>): Promise<Client> {
  const client = await clients.find(request.clientId)
  if (!client || client.disabled) throw new OAuthError('clientUnknown')
  if (!isRegistered(request.redirectUri, client)) throw new OAuthError('redirectUnknown')
  return client
}
