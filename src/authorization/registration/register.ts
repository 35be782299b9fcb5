// Dynamic registration: whole and valid metadata, or nothing is stored; what nobody vouches for waits for an administrator
// and can get nothing. REG-02 to REG-06, CAUTH-07; RFC 7591 §3.
import { clientRegistered, registrationRefused } from '../../audit/event.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { hashSecret } from '../secrets.ts'
import { reasonOf } from '../token/form.ts'
import { registrationError, registrationReply } from './answer.ts'
import { type Allowance, reasonsToWait } from './approval.ts'
import { bearerOf } from './bearer.ts'
import type { RegistrationDeps } from './deps.ts'
import { parseMetadata, parseObject } from './parse-metadata.ts'
import type { InitialToken, Origin, RegisteredApp, Registration, WaitReason } from './ports.ts'
import { makeApp } from './registry.ts'
import { allowanceOf, checkStatement, type Statement } from './software-statement.ts'

/** Answers a registration request. */
export async function register(request: HttpRequest, deps: RegistrationDeps): Promise<HttpReply> {
  try {
    return await answer(request, deps)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    await deps.audit.record(registrationRefused({ address: request.remoteAddress }, reasonOf(error)))
    return registrationError(error, request.headers.authorization !== undefined)
  }
}

async function answer(request: HttpRequest, deps: RegistrationDeps): Promise<HttpReply> {
  const { registrations, registration: rules, ids, now } = deps
  const initial = await loadInitialToken(request.headers.authorization, deps)
  const object = parseObject(request)
  const statement = await checkStatement(object.software_statement, {
    ...deps,
    issuers: rules.statementIssuers,
  })
  const metadata = parseMetadata({ ...object, ...statement?.claims })
  const { client, secret } = makeApp(metadata, ids, now())
  const stated = statement && allowanceOf(statement, object)
  const others = [rules.open, initial].filter((word) => word !== undefined)
  const waitsFor = leastToWaitFor(client, stated ? [...others, stated] : others)
  const isWaiting = waitsFor.length > 0
  const registrationToken = ids.secret()
  const app: RegisteredApp = {
    client: isWaiting ? { ...client, disabled: true, approval: 'waiting' } : client,
    registration: {
      ...originOf(initial, statement, isWaiting || leastToWaitFor(client, others).length > 0),
      tokenHash: hashSecret(registrationToken),
      ...(isWaiting && { waitsFor }),
    },
  }
  const told = clientRegistered({ client: client.id, address: request.remoteAddress })
  // Whoever has an initial token was let in by somebody; of strangers so many wait.
  const terms = initial ? { initialToken: initial.hash } : { mostWaiting: rules.mostWaiting }
  const added = await registrations.add(app, told, now(), terms)
  if (added === 'full') throw new OAuthError('registrationFull')
  // Somebody else may have used the initial token up meanwhile.
  if (added === 'token-over') throw new OAuthError('initialToken')
  return registrationReply(
    201,
    app,
    { registrationToken, ...(secret !== undefined && { secret }) },
    deps.baseUrl,
  )
}

/** What was sent is a good token or a refusal: who shows a bad one is not let in as a stranger. */
async function loadInitialToken(
  header: string | undefined,
  { registrations, registration, now }: RegistrationDeps,
): Promise<InitialToken | undefined> {
  if (header === undefined) {
    if (registration.open || registration.keepsWaiting) return undefined
    throw new OAuthError('initialTokenMissing')
  }
  const text = bearerOf(header)
  const token = text === undefined ? undefined : await registrations.findInitialToken(hashSecret(text))
  const isGood = token && token.usesLeft > 0 && token.expiresAt > now() && token.revokedAt === undefined
  if (!isGood) throw new OAuthError('initialToken')
  return token
}

/** One word that is enough is enough. */
function leastToWaitFor(client: Client, vouched: readonly Allowance[]): WaitReason[] {
  const found = vouched.map((allowance) => reasonsToWait(client, allowance))
  return found.toSorted((a, b) => a.length - b.length)[0] ?? reasonsToWait(client, undefined)
}

/** What the app has the statement to thank for, the statement has to say; also of what it says of itself later. */
function originOf(
  initial: InitialToken | undefined,
  statement: Statement | undefined,
  needsStatement: boolean,
): Pick<Registration, 'origin' | 'initialToken' | 'statement'> {
  const isVouchedBy = statement && (needsStatement || !initial)
  const origin: Origin = isVouchedBy ? 'statement' : initial ? 'initial-token' : 'open'
  return {
    origin,
    ...(initial && { initialToken: initial.id }),
    ...(statement && { statement: statement.text }),
  }
}
