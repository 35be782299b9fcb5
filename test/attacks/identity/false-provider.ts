/**
 * A provider that says what a test wants it to say: a real one would not sign with a wrong nonce, or for somebody else.
 * It keeps to OpenID Connect where nothing else is asked for.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

const keys = await generateKeyPair('ES256', { extractable: true })
const strange = await generateKeyPair('ES256', { extractable: true })
const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }

/** What it does otherwise than it should, the next times. */
export interface Faults {
  /** Changes the claims of the ID token. */
  claims?: (claims: JWTPayload) => JWTPayload
  /** Changes the authorization response. */
  answer?: (query: URLSearchParams) => void
  /** Signs the ID token with a key that it does not publish. */
  strangeKey?: boolean
  /** Does this when the ID token is made, before it is sent. */
  meanwhile?: () => Promise<unknown>
  /** Gives this instead of an ID token. */
  idToken?: string
  /** Answers the token request so. */
  token?: (request: IncomingMessage, response: ServerResponse) => void
  /** Changes the discovery document. */
  metadata?: (document: Record<string, unknown>) => void
  /** Answers userinfo so. */
  userinfo?: Record<string, unknown>
  jwks?: (response: ServerResponse) => void
}

export interface FalseProvider {
  readonly issuer: string
  /** Emptied by whoever is done with them. */
  faults: Faults
  /** Where the browser of a person would be sent back to, for the authorization request at `url`. */
  answerTo(url: string): string
  /** A token of this provider. */
  sign(claims: JWTPayload, header?: object, strangeKey?: boolean): Promise<string>
  /** The forms of the token requests so far. */
  readonly tokenRequests: URLSearchParams[]
  close(): Promise<void>
}

/** Starts it; `person` are claims of everybody who signs in. */
export async function startFalseProvider(person: JWTPayload): Promise<FalseProvider> {
  const nonces = new Map<string, string>()
  const tokenRequests: URLSearchParams[] = []
  let codes = 0
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: FalseProvider = {
    issuer,
    faults: {},
    tokenRequests,
    sign: (claims, header, isStrange) => sign(claims, header, isStrange),
    answerTo(url) {
      const asked = new URL(url).searchParams
      const code = `code-${++codes}`
      nonces.set(code, asked.get('nonce') ?? '')
      const query = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer })
      provider.faults.answer?.(query)
      return `${asked.get('redirect_uri')}?${query}`
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }

  function sign(claims: JWTPayload, header: object = {}, isStrange = false): Promise<string> {
    const key = isStrange ? strange.privateKey : keys.privateKey
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key)
  }

  async function idTokenOf(code: string): Promise<string> {
    const { faults } = provider
    if (faults.idToken !== undefined) return faults.idToken
    const at = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      aud: 'chartkey',
      iat: at,
      exp: at + 300,
      auth_time: at,
      nonce: nonces.get(code),
      ...person,
    }
    return sign(faults.claims?.(claims) ?? claims, {}, faults.strangeKey)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults } = provider
    const path = request.url?.split('?')[0]
    const json = (value: unknown) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (path === '/.well-known/openid-configuration') {
      const document = documentOf(issuer)
      faults.metadata?.(document)
      json(document)
    } else if (path === '/jwks') {
      if (faults.jwks) faults.jwks(response)
      else json({ keys: [publicJwk] })
    } else if (path === '/userinfo') {
      json({ sub: person.sub, ...faults.userinfo })
    } else if (path === '/token') {
      let body = ''
      for await (const part of request) body += part
      const form = new URLSearchParams(body)
      tokenRequests.push(form)
      if (faults.token) return faults.token(request, response)
      const id_token = await idTokenOf(form.get('code') ?? '')
      await faults.meanwhile?.()
      json({ access_token: 'at', token_type: 'Bearer', id_token })
    } else response.writeHead(404).end()
  }

  return provider
}

function documentOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/end`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  }
}
