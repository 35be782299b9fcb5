// A code is redeemed once, by its app, with the redirect URI and the verifier of its request. TOK-02 to TOK-05, CODE-06, RFC-05, RFC-06, RFC-16.
import { codeReused, tokenIssued } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { challengeOf, isVerifier } from '../../smart/pkce.ts'
import { type Client, mayOmitPkce } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { CodeRecord, UserGrant } from '../grant.ts'
import { hashInOrder, hashSecret } from '../secrets.ts'
import type { TokenDeps } from './deps.ts'
import { givingOf, refuseRepeated } from './giving.ts'
import { idToken } from './id-token.ts'
import { requiredParameter } from './parameter.ts'
import { issueRefreshToken } from './refresh-life.ts'
import { issueAccessToken } from './response.ts'
import { withinRegistration } from './within-registration.ts'

/**
 * The answer to a code. A wrong redirect URI or verifier, or another app's try, leaves the code as it is: whoever caught
 * a code could otherwise spoil it for its owner, and no verifier can be guessed within a minute. A second try after
 * success, by the same app, ends what the first one gave: the code has got into two hands.
 */
export async function redeemCode(
  form: Params,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  const hash = hashInOrder(requiredParameter(form, 'code'))
  const redirectUri = requiredParameter(form, 'redirect_uri')
  const verifier = form.get('code_verifier')
  const found = await deps.grants.findCode(hash)
  if (!found || found.code.grant.clientId !== client.id) throw new OAuthError('code')
  if (found.used) return refuseReuse(found.code, deps)
  checkCode(found.code, redirectUri, deps.now())
  checkVerifier(found.code, verifier, client)
  if (found.code.jkt !== undefined && found.code.jkt !== deps.jkt) throw new OAuthError('proofKey')
  await checkPerson(found.code.grant, deps)
  return redeem(found.code, client, deps)
}

function checkCode(code: CodeRecord, redirectUri: string, now: number): void {
  if (code.expiresAt <= now) throw new OAuthError('code', { detail: 'expired' })
  if (code.redirectUri !== redirectUri) throw new OAuthError('codeRedirect')
}

/** A code is for whoever is there: nothing is given in a session that is over, which no logout could end any more (REFR-02). */
async function checkPerson({ userId, sessionId }: UserGrant, { signIn }: TokenDeps): Promise<void> {
  // Asked at once, they are one way to the database.
  const [isActive, isLive] = await Promise.all([signIn.isUserActive(userId), signIn.isSessionLive(sessionId)])
  if (!isActive) throw new OAuthError('code', { detail: 'its user is disabled' })
  if (!isLive) throw new OAuthError('code', { text: 'The session in which the code was issued is over.' })
}

/** A challenge and a verifier belong together: where only one of them is, somebody took the other away (PKCE downgrade). RFC 9700 §2.1.1, §4.8.2 */
function checkVerifier({ challenge }: CodeRecord, verifier: string | undefined, client: Client): void {
  if (challenge === undefined) {
    if (verifier !== undefined) throw new OAuthError('verifierUnexpected')
    if (!mayOmitPkce(client)) throw new OAuthError('code', { detail: 'made without PKCE' })
    return
  }
  if (verifier === undefined) {
    throw new OAuthError('tokenParameter', { text: 'The parameter code_verifier is missing.' })
  }
  if (!isVerifier(verifier)) throw new OAuthError('verifierForm')
  if (challengeOf(verifier, hashSecret) !== challenge) throw new OAuthError('verifier')
}

async function redeem(code: CodeRecord, client: Client, deps: TokenDeps): Promise<Record<string, unknown>> {
  const { grant } = code
  const scope = withinRegistration(grant.scope, client)
  if (scope === undefined)
    throw new OAuthError('code', { detail: 'the registration has none of its scope any more' })
  const refresh = issueRefreshToken(grant, client, deps)
  const { members, tokenId, record } = issueAccessToken(grant, scope, client, deps)
  const actor = { user: grant.userId, client: client.id, grant: grant.id, token: tokenId }
  const told = tokenIssued(actor, 'authorization_code', scope, grant.context.patient)
  // Signed first: what cannot be signed must not use up the code.
  const [access, identity] = await Promise.all([members, idToken({ ...grant, scope }, code.nonce, deps)])
  // One transaction, committed before anything is answered: the code is gone, and what it gave exists.
  const given = await deps.grants.redeem(code, givingOf(told, record, deps), refresh?.record)
  refuseRepeated(given)
  if (given === 'gone') return refuseGone(code, deps)
  return { ...access, ...identity, ...(refresh && { refresh_token: refresh.token }) }
}

/** Somebody else was first with it, or it was taken back meanwhile: that is nobody's fault. */
async function refuseGone(code: CodeRecord, deps: TokenDeps): Promise<never> {
  if (await deps.grants.findCode(code.hash)) return refuseReuse(code, deps)
  throw new OAuthError('code', { detail: 'taken back meanwhile' })
}

async function refuseReuse({ grant }: CodeRecord, deps: TokenDeps): Promise<never> {
  await deps.assertion.useUp()
  await deps.life.end(grant.id)
  await deps.audit.record(codeReused({ user: grant.userId, client: grant.clientId, grant: grant.id }))
  throw new OAuthError('code', { detail: 'used before' })
}
