/** What an app is registered with: every member, since an administrator approves them all. */
import { type Html, html, join, type Piece } from '../../http/html.ts'
import { formatMoment } from '../../ui/format.ts'
import { card, definitions, linkButton } from '../../ui/parts.ts'
import type { AdminApp, AppKey } from '../ports.ts'
import type { Visit } from './admit.ts'
import { pathOfApp } from './apps.ts'

type Rows = readonly (readonly [term: string, content: Piece])[]

const code = (text: string | undefined) => text !== undefined && html`<code>${text}</code>`
const codes = (texts: readonly string[] = []) => lines(texts.map((text) => html`<code>${text}</code>`))
const lines = (pieces: readonly Piece[]) => pieces.length > 0 && join(pieces, html`<br>`)

/** The card. Addresses are told as text: nothing that an app names is loaded or linked here. */
export function registrationCard(app: AdminApp, visit: Visit): Html {
  const { app: words } = visit.words
  const rows = [
    ...identity(app, visit),
    ...purpose(app, visit),
    ...proofs(app, visit),
    ...addresses(app, visit),
    ...trust(app, visit),
  ]
  return card(
    html`${app.origin !== 'administrator' && html`<p class="muted small">${words.unverified}</p>`}${definitions(rows)}${
      app.origin === 'document'
        ? html`<p class="muted small">${words.ofDocument}</p>`
        : html`<p class="actions">${linkButton(`${pathOfApp(app.id)}/edit`, words.edit)}</p>`
    }`,
    words.about,
  )
}

function identity({ id, kind, origin, createdAt }: AdminApp, { words, locale }: Visit): Rows {
  return [
    [words.app.clientId, code(id)],
    [words.apps.kind, words.kinds[kind]],
    [words.apps.registered, html`${words.origins[origin]}<br>${formatMoment(locale, createdAt)}`],
  ]
}

function purpose({ metadata }: AdminApp, { words: { app: words } }: Visit): Rows {
  return [
    [words.redirectUris, codes(metadata.redirect_uris)],
    [words.launchUri, code(metadata.initiate_login_uri)],
    [words.scope, html`<code class="admin-scope">${metadata.scope}</code>`],
    [words.grantTypes, codes(metadata.grant_types)],
  ]
}

function proofs(app: AdminApp, visit: Visit): Rows {
  const { metadata } = app
  const { app: words } = visit.words
  const needs = [
    metadata.require_pushed_authorization_requests === true && words.needsPushed,
    metadata.require_signed_request_object === true && words.needsSigned,
    metadata.dpop_bound_access_tokens === true && words.needsDpop,
  ].filter((need) => need !== false)
  return [
    [words.authMethod, code(metadata.token_endpoint_auth_method)],
    [words.signingAlg, code(metadata.token_endpoint_auth_signing_alg)],
    [words.keys, metadata.jwks === undefined ? code(metadata.jwks_uri) : keys(app, visit)],
    [words.secrets, lines(secrets(app, visit))],
    [words.needs, lines(needs)],
    [words.requestAlg, code(metadata.request_object_signing_alg)],
    [words.requestUris, codes(metadata.request_uris)],
    [words.tokenFormat, code(metadata.access_token_format)],
    [words.userinfoAlg, code(metadata.userinfo_signed_response_alg)],
  ]
}

function addresses({ metadata }: AdminApp, { words: { app: words } }: Visit): Rows {
  const software = [metadata.software_id, metadata.software_version].filter((one) => one !== undefined)
  return [
    [words.postLogoutUris, codes(metadata.post_logout_redirect_uris)],
    [words.backchannelUri, code(metadata.backchannel_logout_uri)],
    [words.clientUri, code(metadata.client_uri)],
    [words.logoUri, code(metadata.logo_uri)],
    [words.policyUri, code(metadata.policy_uri)],
    [words.tosUri, code(metadata.tos_uri)],
    [words.contacts, codes(metadata.contacts)],
    [words.software, software.length > 0 && software.join(' · ')],
  ]
}

function trust(app: AdminApp, { words: { app: words } }: Visit): Rows {
  return [
    [words.smart1, app.smart1 && words.smart1Yes],
    [words.resourceServer, app.resourceServer && words.resourceServerYes],
    [words.preApproved, app.preApproved ? words.preApprovedYes : words.preApprovedNo],
  ]
}

/** A key's name is what the app calls it; the thumbprint is the key. */
function keys({ keys }: AdminApp, { words: { app: words } }: Visit): Html {
  const told = ({ kid, kty, crv, alg, use, thumbprint }: AppKey) => {
    const kind = [kty, crv, alg, use].filter((one) => one !== undefined).join(' · ')
    return html`<li><bdi><code>${kid}</code></bdi><br><bdi>${kind}</bdi>${
      thumbprint !== undefined &&
      html`<br><span class="muted small">${words.thumbprint}</span> <code>${thumbprint}</code>`
    }</li>`
  }
  return html`${words.keysInline}<ul class="admin-keys">${keys.map(told)}</ul>`
}

function secrets({ secrets }: AdminApp, { words, locale }: Visit): string[] {
  return secrets.map(({ createdAt, endsAt }) => {
    const made = words.app.secretMade(formatMoment(locale, createdAt))
    return endsAt === undefined ? made : `${made}, ${words.app.secretEnds(formatMoment(locale, endsAt))}`
  })
}
