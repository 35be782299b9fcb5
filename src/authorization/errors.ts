/**
 * Every error of the authorization server: its OAuth code, its status where it is answered in place, whether it may go
 * to the app's redirect URI (once that is verified), and what the public may read (RFC 6749 §4.1.2.1, §5.2).
 * The texts keep to the characters that RFC 6749 allows in `error_description`.
 */
interface ErrorKind {
  readonly error: string
  readonly status: number
  readonly redirect: boolean
  readonly text: string
}

const inPlace = (error: string, text: string, status = 400): ErrorKind => ({
  error,
  status,
  redirect: false,
  text,
})
const toApp = (error: string, text: string): ErrorKind => ({ error, status: 400, redirect: true, text })

/** The catalogue. */
export const oauthErrors = {
  // Before the redirect URI is verified: told to the user in place, never redirected (RFC-01).
  clientMissing: inPlace('invalid_request', 'The parameter client_id is missing.'),
  clientUnknown: inPlace('invalid_request', 'The parameter client_id names no app that is registered here.'),
  clientWaiting: inPlace(
    'invalid_request',
    'The app that client_id names waits for the approval of an administrator.',
  ),
  clientRepeated: inPlace('invalid_request', 'The parameter client_id was sent more than once.'),
  redirectMissing: inPlace('invalid_request', 'The parameter redirect_uri is missing.'),
  redirectRepeated: inPlace('invalid_request', 'The parameter redirect_uri was sent more than once.'),
  redirectUnknown: inPlace(
    'invalid_request',
    'The parameter redirect_uri is not one that this app registered.',
  ),
  stateTooLong: toApp('invalid_request', 'The parameter state is longer than 16 kB.'),
  stateInForm: toApp(
    'invalid_request',
    'With response_mode form_post the parameter state has to be text without control characters.',
  ),

  // The authorization request itself: told to the app.
  repeated: toApp('invalid_request', 'A parameter was sent more than once.'),
  grantNotAllowed: toApp(
    'unauthorized_client',
    'This app is not registered for the authorization code flow.',
  ),
  responseTypeMissing: toApp('invalid_request', 'The parameter response_type is missing.'),
  responseType: toApp('unsupported_response_type', 'The parameter response_type has to be code.'),
  responseMode: toApp('invalid_request', 'The parameter response_mode has to be query or form_post.'),
  registrationParameter: toApp(
    'registration_not_supported',
    'The parameter registration is not supported: apps register beforehand.',
  ),
  maxAge: toApp('invalid_request', 'The parameter max_age has to be a whole number of seconds.'),
  idTokenHint: toApp(
    'invalid_request',
    'The parameter id_token_hint is not an ID token that this server gave this app.',
  ),
  dpopJkt: toApp('invalid_request', 'The parameter dpop_jkt has to be 43 base64url characters.'),
  promptNone: toApp('invalid_request', 'In the parameter prompt, none stands alone.'),
  challengeMissing: toApp('invalid_request', 'The parameter code_challenge is missing: PKCE is required.'),
  challengeMethod: toApp('invalid_request', 'The parameter code_challenge_method has to be S256.'),
  challengeForm: toApp('invalid_request', 'The parameter code_challenge has to be 43 base64url characters.'),
  audienceMissing: toApp('invalid_request', 'The parameter aud is missing: it names the FHIR server.'),
  audienceUnknown: toApp(
    'invalid_request',
    'The parameter aud is not the FHIR server of this authorization server.',
  ),
  scopeMissing: toApp('invalid_scope', 'The parameter scope is missing.'),
  scopeTooLong: toApp('invalid_scope', 'The parameter scope is too long.'),
  scopeNothingLeft: toApp('invalid_scope', 'None of the scopes asked for can be granted to this app.'),
  launchUnknown: toApp(
    'invalid_request',
    'The parameter launch is unknown, expired, used, or meant for another app, user or session.',
  ),
  nonceTooLong: toApp('invalid_request', 'The parameter nonce is too long.'),
  loginRequired: toApp('login_required', 'The user has to sign in.'),
  interactionRequired: toApp('interaction_required', 'The user has to choose a patient or an encounter.'),
  consentRequired: toApp('consent_required', 'The user has to give consent.'),
  fault: toApp('server_error', 'Something went wrong on this server. Try again later.'),
  denied: toApp('access_denied', 'The user declined.'),
  patientDenied: toApp('access_denied', 'The user may not open the record that the launch names.'),

  // Requests that were pushed, or came as objects.
  requestUriUnknown: inPlace(
    'invalid_request_uri',
    'The parameter request_uri is unknown, expired, used, or was pushed by another app.',
  ),
  requestUriInPush: inPlace('invalid_request', 'A pushed request has no parameter request_uri.'),
  requestTwice: toApp('invalid_request', 'Only one of request and request_uri may be sent, and only once.'),
  requestObject: toApp(
    'invalid_request_object',
    'The request object is not signed by the key of this app that its kid names, not meant for this server, or expired.',
  ),
  requestUriForeign: toApp(
    'request_uri_not_supported',
    'The parameter request_uri is not one that this app registered.',
  ),
  requestUriUnreachable: toApp('invalid_request_uri', 'There is no request object at the request_uri.'),
  signatureRequired: toApp('invalid_request', 'This app has to sign its authorization requests (RFC 9101).'),
  pushRequired: toApp('invalid_request', 'This app has to push its authorization requests (RFC 9126).'),

  // The pages of a running authorization.
  flowUnknown: inPlace(
    'invalid_request',
    'This request is over or was never made. Start again from the app.',
    404,
  ),
  flowForeign: inPlace('access_denied', 'This request belongs to another session.', 403),
  flowMove: inPlace('invalid_request', 'This page is no longer current. Start again from the app.', 409),
  formForged: inPlace('invalid_request', 'The form was not sent from our page, or cookies are off.', 403),
  choiceUnknown: inPlace('invalid_request', 'That choice is not on offer.', 400),

  // Logout (RP-Initiated Logout 1.0): told in place.
  logoutRepeated: inPlace('invalid_request', 'A parameter was sent more than once.'),
  logoutClient: inPlace('invalid_request', 'The parameter client_id is not the app of the id_token_hint.'),
  logoutRedirect: inPlace(
    'invalid_request',
    'The parameter post_logout_redirect_uri is not one that the app registered.',
  ),
  logoutState: inPlace('invalid_request', 'The parameter state is longer than 16 kB.'),

  // The token endpoint.
  contentType: inPlace('invalid_request', 'The body has to be application/x-www-form-urlencoded.'),
  tokenRepeated: inPlace('invalid_request', 'A parameter was sent more than once.'),
  tokenParameter: inPlace('invalid_request', 'A required parameter is missing.'),
  twoAuthentications: inPlace('invalid_request', 'The client authenticated in more than one way.'),
  clientMismatch: inPlace(
    'invalid_request',
    'The parameter client_id contradicts the client authentication.',
  ),
  client: inPlace('invalid_client', 'Client authentication failed.'),
  clientHeader: inPlace('invalid_client', 'Client authentication failed.', 401),
  assertionType: inPlace(
    'invalid_client',
    'The parameter client_assertion_type has to be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
  ),
  assertionForm: inPlace(
    'invalid_client',
    'The parameter client_assertion has to be one signed JWT in compact form, of 8 kB at most.',
  ),
  assertionHeader: inPlace('invalid_client', 'The header of client_assertion is not acceptable.'),
  assertionClaim: inPlace('invalid_client', 'A claim of client_assertion is not acceptable.'),
  assertionKey: inPlace(
    'invalid_client',
    'The client_assertion is not signed with a key that its app registered, or there is no such app.',
  ),
  assertionUsed: inPlace('invalid_client', 'The jti of client_assertion was used before.'),
  grantType: inPlace(
    'unsupported_grant_type',
    'The parameter grant_type names no grant type that this server has.',
  ),
  grantTypeNotAllowed: inPlace('unauthorized_client', 'This app is not registered for that grant_type.'),
  code: inPlace('invalid_grant', 'The code is unknown, expired, used, or was issued to another app.'),
  codeRedirect: inPlace(
    'invalid_grant',
    'The parameter redirect_uri differs from the one of the authorization request.',
  ),
  verifier: inPlace('invalid_grant', 'The parameter code_verifier does not fit the code_challenge.'),
  verifierUnexpected: inPlace(
    'invalid_grant',
    'The parameter code_verifier was sent, but the code was made without a code_challenge.',
  ),
  verifierForm: inPlace(
    'invalid_request',
    'The parameter code_verifier has to be 43 to 128 unreserved characters.',
  ),
  refreshToken: inPlace(
    'invalid_grant',
    'The refresh token is unknown, expired, used, revoked, or of another app.',
  ),
  refreshScope: inPlace('invalid_scope', 'The parameter scope goes beyond what was granted.'),

  systemScope: inPlace('invalid_scope', 'The parameter scope goes beyond what this app is registered for.'),
  // Token exchange (RFC 8693 §2.2.2).
  exchangePublic: inPlace(
    'unauthorized_client',
    'Only an app that authenticates may exchange its access tokens.',
  ),
  subjectToken: inPlace(
    'invalid_request',
    'The parameter subject_token is not a live access token that this app was given for a code or a refresh token.',
  ),
  // The proof itself is good: what cannot be accepted is the token with it.
  subjectKey: inPlace(
    'invalid_request',
    'The parameter subject_token is bound to another key than the one of the DPoP proof.',
  ),
  subjectTokenType: inPlace(
    'invalid_request',
    'The parameter subject_token_type has to be urn:ietf:params:oauth:token-type:access_token.',
  ),
  requestedTokenType: inPlace(
    'invalid_request',
    'The parameter requested_token_type can only be urn:ietf:params:oauth:token-type:access_token.',
  ),
  actorToken: inPlace(
    'invalid_request',
    'The parameters actor_token and actor_token_type are not taken: the new token stays with the app.',
  ),
  exchangeTarget: inPlace(
    'invalid_target',
    'The parameters audience and resource can only be the FHIR server of this authorization server.',
  ),
  exchangeScope: inPlace('invalid_scope', 'The parameter scope goes beyond the scope of subject_token.'),

  // Introspection, revocation, UserInfo (RFC 7662 §2.3, RFC 7009 §2.2.1, RFC 6750 §3.1).
  introspectionForbidden: inPlace(
    'insufficient_scope',
    'The access token may not introspect: that takes the scope __introspect and an app that an administrator made a resource server.',
    403,
  ),
  bearerMissing: inPlace('invalid_token', 'An access token is missing.', 401),
  bearerTwice: inPlace('invalid_request', 'The access token was sent in more than one way.'),
  bearerMalformed: inPlace('invalid_request', 'The Authorization header holds no Bearer token.'),
  bearerInvalid: inPlace('invalid_token', 'The access token is unknown, expired or revoked.', 401),
  bearerUnbound: inPlace(
    'invalid_token',
    'The access token is bound to no key: send it as Authorization: Bearer.',
    401,
  ),
  bearerScope: inPlace('insufficient_scope', 'The access token lacks the scope openid.', 403),

  // Proofs of possession (RFC 9449).
  proofMissing: inPlace(
    'invalid_dpop_proof',
    'The header DPoP is missing: tokens of this app are bound to its key.',
  ),
  proofInvalid: inPlace(
    'invalid_dpop_proof',
    'The header DPoP is not one fresh, signed proof for this method and address that was never used before.',
  ),
  proofNeeded: inPlace(
    'invalid_token',
    'The access token is bound to a key: send it as Authorization: DPoP, with a proof in the header DPoP.',
    401,
  ),
  proofOtherKey: inPlace(
    'invalid_token',
    'The DPoP proof was made with another key than the one that the access token is bound to.',
    401,
  ),
  proofNonce: inPlace('use_dpop_nonce', 'The DPoP proof has to have the nonce of the header DPoP-Nonce.'),
  proofKey: inPlace(
    'invalid_grant',
    'The DPoP proof was made with another key than the one this was issued to.',
  ),

  // Registration (RFC 7591 §3.2.2).
  registrationForm: inPlace(
    'invalid_client_metadata',
    'The body has to be a JSON object sent as application/json.',
  ),
  metadata: inPlace('invalid_client_metadata', 'A metadata member is not acceptable.'),
  redirectUriRule: inPlace('invalid_redirect_uri', 'A redirect URI is not acceptable.'),
  statement: inPlace(
    'invalid_software_statement',
    'The software_statement is malformed, expired, or not signed by its issuer.',
  ),
  statementUnapproved: inPlace(
    'unapproved_software_statement',
    'The issuer of the software_statement is not known here.',
  ),
  initialToken: inPlace(
    'invalid_token',
    'The initial access token is unknown, expired, used up, or revoked.',
    401,
  ),
  initialTokenMissing: inPlace(
    'invalid_token',
    'Registration needs an initial access token here. An administrator issues one.',
    401,
  ),
  registrationFull: inPlace(
    'temporarily_unavailable',
    'Too many apps wait for approval. Try again later, or ask an administrator for an initial access token.',
    503,
  ),

  // Management of a registration (RFC 7592 §2).
  registrationToken: inPlace(
    'invalid_token',
    'The registration access token is missing, unknown, or of another app.',
    401,
  ),
  registrationForbidden: inPlace(
    'access_denied',
    'An administrator has refused or disabled this app: it can only be read or removed.',
    403,
  ),
  registrationWaiting: inPlace(
    'access_denied',
    'This app waits for an administrator and cannot be changed until then. It can be read, or removed and registered again.',
    403,
  ),
} as const satisfies Record<string, ErrorKind>

export type ErrorName = keyof typeof oauthErrors

/** One refusal: its kind, a public text (the catalogue's or a sharper one), and a private detail for the log only. */
export class OAuthError extends Error {
  readonly kind: ErrorKind
  readonly text: string
  readonly detail: string | undefined

  constructor(name: ErrorName, more: { text?: string; detail?: string } = {}) {
    super(name)
    this.name = 'OAuthError'
    this.kind = oauthErrors[name]
    this.text = inAllowedCharacters(more.text ?? this.kind.text)
    this.detail = more.detail
  }
}

/** A sharper text may quote a library or a request: what `error_description` may not hold is replaced (RFC 6749 §5.2). */
function inAllowedCharacters(text: string): string {
  return text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?')
}
