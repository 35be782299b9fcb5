// An app narrows its own live access token for a part of itself: a scope that the token and the registration cover, the same context and grant,
// never a longer life, no refresh token. Anything else that RFC 8693 could mean is refused. RFC 8693 §2.1, §2.2; INTR-07, REG-05, TOK-16.
import { tokenIssued } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { formatGrant, narrow } from '../../smart/grant.ts'
import { parseScopes } from '../../smart/scope.ts'
import { type Client, isConfidential } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { GrantRecord } from '../grant.ts'
import { SCOPE_LENGTH } from '../lengths.ts'
import type { VerifiedToken } from '../verify.ts'
import { checkFilters } from './check-filters.ts'
import type { TokenDeps } from './deps.ts'
import { givingOf, refuseRepeated } from './giving.ts'
import { requiredParameter } from './parameter.ts'
import { issueAccessToken } from './response.ts'
import { withinRegistration } from './within-registration.ts'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** The answer to an exchange. */
export async function exchangeToken(
  form: Params,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  // A public app proves nothing of itself: its token would do the same in the hands of whoever has it.
  if (!isConfidential(client)) throw new OAuthError('exchangePublic')
  checkKind(form, deps.fhirBase)
  const subject = await loadSubject(requiredParameter(form, 'subject_token'), client, deps)
  const scope = registeredScope(narrowScope(subject, requiredParameter(form, 'scope'), deps), client)
  const grant = await deps.grants.findGrant(subject.grantId)
  if (!grant) throw new OAuthError('subjectToken', { detail: 'of no grant' })
  return issue(subject, grant, scope, client, deps)
}

function checkKind(form: Params, fhirBase: string): void {
  if (requiredParameter(form, 'subject_token_type') !== accessTokenType)
    throw new OAuthError('subjectTokenType')
  if ((form.get('requested_token_type') ?? accessTokenType) !== accessTokenType)
    throw new OAuthError('requestedTokenType')
  if (form.get('actor_token') ?? form.get('actor_token_type')) throw new OAuthError('actorToken')
  // Several are allowed to be named, and each has to be this one.
  const targets = ['audience', 'resource'].flatMap((name) => form.all(name))
  if (targets.some((target) => target !== '' && target !== fhirBase)) throw new OAuthError('exchangeTarget')
}

/** Another app's token is told like one that never was. What was exchanged once is not exchanged again: it dies with one token, not with a chain. */
async function loadSubject(token: string, client: Client, deps: TokenDeps): Promise<VerifiedToken> {
  const subject = await deps.verifyBoundToken(token)
  if (subject?.clientId !== client.id || subject.claims.origin !== undefined)
    throw new OAuthError('subjectToken')
  if (subject.user !== undefined && !(await deps.signIn.isUserActive(subject.user)))
    throw new OAuthError('subjectToken', { detail: 'its user is disabled' })
  // Who holds a bound token and not its key would be given another one.
  if (subject.jkt !== undefined && subject.jkt !== deps.jkt) {
    throw new OAuthError(deps.jkt === undefined ? 'proofMissing' : 'subjectKey')
  }
  return subject
}

/** What the token covers, without what only the app itself can use. */
function narrowScope(
  { scopes }: VerifiedToken,
  asked: string,
  { supportsFilter }: Pick<TokenDeps, 'supportsFilter'>,
): string {
  if (asked.length > SCOPE_LENGTH) throw new OAuthError('exchangeScope')
  const wanted = parseScopes(asked)
  const narrowed = wanted.refused.length === 0 ? narrow({ scopes }, wanted) : undefined
  const given = narrowed?.scopes.filter(({ kind }) => kind !== 'refresh') ?? []
  if (given.length === 0) throw new OAuthError('exchangeScope')
  checkFilters(wanted.scopes, supportsFilter, 'exchangeScope')
  return formatGrant({ scopes: given })
}

/** What the token covers may have been taken out of the registration since it was given (REG-05). */
function registeredScope(scope: string, client: Client): string {
  const left = withinRegistration(scope, client)
  if (left === undefined)
    throw new OAuthError('exchangeScope', {
      text: 'The parameter scope names nothing that the app is registered for now.',
    })
  return left
}

async function issue(
  subject: VerifiedToken,
  grant: GrantRecord,
  scope: string,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  const { members, tokenId, record } = issueAccessToken(grant, scope, client, deps, {
    notAfter: subject.claims.exp,
    origin: subject.tokenId,
  })
  const actor = {
    ...(grant.userId !== undefined && { user: grant.userId }),
    client: client.id,
    grant: grant.id,
    token: tokenId,
  }
  const told = tokenIssued(actor, 'token_exchange', scope, grant.context.patient)
  // Signed first: what cannot be signed is neither kept nor on record.
  const access = await members
  const given = await deps.grants.issue(grant.id, givingOf(told, record, deps))
  refuseRepeated(given)
  if (given === 'gone') throw new OAuthError('subjectToken', { detail: 'its grant has ended meanwhile' })
  return { ...access, issued_token_type: accessTokenType }
}
