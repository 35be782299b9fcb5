// An app proves itself by a JWT that it signed for this one request (private_key_jwt): first what it says, then whether the
// app is one that does so, then its key, and last that nobody sent it before. CAUTH-36 to CAUTH-44, AMB-09, AMB-13; RFC 7521 §4.2, RFC 7523 §3.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { isSameAlgorithm } from '../client-keys/algorithms.ts'
import { isSignedWith } from '../client-keys/check-signature.ts'
import type { ClientKeys } from '../client-keys/index.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore, ReplayStore } from '../ports.ts'
import { isWaiting } from '../registration/approval.ts'
import { type Assertion, CLOCK_SKEW, readAssertion } from './assertion-claims.ts'

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface AssertionDeps {
  /** The issuer. */
  readonly baseUrl: string
  /** The endpoint that is asked, where an assertion may be meant for it by its own address (RFC 9126 §2). */
  readonly endpoint?: string
  readonly clients: Pick<ClientStore, 'find'>
  readonly clientKeys: ClientKeys
  readonly replays: Pick<ReplayStore, 'isFirst'>
  readonly now: () => number
}

/** The app that signed the assertion of a request. */
export async function checkAssertion(form: Params, deps: AssertionDeps): Promise<Client> {
  if (form.get('client_assertion_type') !== jwtBearer) throw new OAuthError('assertionType')
  const token = form.get('client_assertion')
  if (token === undefined) throw new OAuthError('assertionForm', { detail: 'missing' })
  const assertion = await readAssertion(token, audiencesOf(deps), deps.now())
  const bodyId = form.get('client_id')
  if (bodyId !== undefined && bodyId !== assertion.clientId)
    throw new OAuthError('assertionClaim', {
      text: 'The parameter client_id is not the iss of client_assertion.',
    })
  const client = await loadClient(assertion, deps)
  await checkSignature(assertion, client, deps)
  if (client.disabled) throw new OAuthError('assertionKey', { text: waits })
  await checkFirst(assertion, deps)
  return client
}

/** The token endpoint, as SMART says; or the server itself, as the successor of RFC 7523 does (docs/adr/0021). */
function audiencesOf({ baseUrl, endpoint }: AssertionDeps): readonly string[] {
  return [`${baseUrl}/oauth/token`, baseUrl, ...(endpoint === undefined ? [] : [endpoint])]
}

async function loadClient({ clientId, alg, jku }: Assertion, { clients }: AssertionDeps): Promise<Client> {
  const client = await clients.find(clientId)
  if (!client || (client.disabled && !mayHearThatItWaits(client))) throw unproven('unknown or disabled')
  if (client.authMethod !== 'private_key_jwt') throw unproven('registered for another method')
  // Before anything is fetched: an address that a stranger names is none of ours to visit (CAUTH-39).
  if (jku !== undefined && jku !== client.jwksUri) throw unproven('jku is not the registered jwks_uri')
  if (client.assertionAlg !== undefined && !isSameAlgorithm(client.assertionAlg, alg))
    throw unproven('another algorithm is registered')
  return client
}

/** Told to nobody but an app that has proved which it is. */
export const waits = 'This app waits for the approval of an administrator.'

/** What has no administrator's word yet is not asked for its keys at the address it names. */
function mayHearThatItWaits(client: Client): boolean {
  return isWaiting(client) && client.jwks !== undefined
}

async function checkSignature(
  { token, alg, kid }: Assertion,
  client: Client,
  deps: AssertionDeps,
): Promise<void> {
  const key = await deps.clientKeys.find(client, { alg, kid })
  if (!key) throw unproven('no one key of that kid and kind')
  if (!(await isSignedWith(key, alg, token))) throw unproven('the signature is not of its key')
}

/** Decided by the store that all nodes share, and only for what is proven: nobody uses up what is somebody else's. */
async function checkFirst(
  { clientId, jti, expiresAt }: Assertion,
  { replays }: AssertionDeps,
): Promise<void> {
  const single = { use: `client_assertion ${clientId}`, id: jti, expiresAt: expiresAt + CLOCK_SKEW }
  if (!(await replays.isFirst(single))) throw new OAuthError('assertionUsed')
}

function unproven(detail: string): OAuthError {
  return new OAuthError('assertionKey', { detail })
}
