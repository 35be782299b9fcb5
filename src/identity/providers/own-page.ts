/** `/account/providers`: the sign-ins elsewhere that are connected with an account, to connect and to disconnect. */
import { identityUnlinked } from '../../audit/event.ts'
import { type Html, html } from '../../http/html.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { accountNav } from '../../ui/account-nav.ts'
import { formatMoment } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { button, card, definitions, linkButton, notice } from '../../ui/parts.ts'
import { signInUrl } from '../return-to.ts'
import type { Session } from '../sessions.ts'
import { OWN_PAGE, pathOf } from './addresses.ts'
import { actorOf, issuersOf, type ProviderDeps } from './deps.ts'
import type { Identity } from './identity.ts'
import { problemPage } from './problem-page.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { loadProvider } from './sign-in.ts'
import { startVisit } from './start-visit.ts'

type Note = 'linked' | 'unlinked' | 'lastWay' | 'expired'

/** The routes of the page. */
export function ownPageRoutes(deps: ProviderDeps): Route[] {
  async function show(request: HttpRequest): Promise<HttpReply> {
    const session = await deps.sessionOf(request)
    if (!session) return redirect(signInUrl(OWN_PAGE))
    const done = request.query.get('done')
    return list(deps, request, session, 200, done === 'linked' || done === 'unlinked' ? done : undefined)
  }

  /** The session of whoever may change something by this form; else where to send them. */
  async function checkForm(request: HttpRequest): Promise<Session | HttpReply> {
    const session = await deps.sessionOf(request)
    if (!session) return redirect(signInUrl(OWN_PAGE))
    if (!deps.csrf.check(request)) return list(deps, request, session, 403, 'expired')
    // Who left a browser open is not to have a way in added or taken away.
    if (!(await deps.isFresh(session))) return redirect(signInUrl(OWN_PAGE, { again: true }))
    return session
  }

  async function connect(request: HttpRequest): Promise<HttpReply> {
    const provider = loadProvider(deps, request)
    const session = await checkForm(request)
    return 'status' in session ? session : confirm(deps, request, session, provider)
  }

  async function disconnect(request: HttpRequest): Promise<HttpReply> {
    const provider = loadProvider(deps, request)
    const session = await checkForm(request)
    if ('status' in session) return session
    const { account } = session
    const told = identityUnlinked(actorOf(request, account), provider.id)
    const issuers = issuersOf(account, deps)
    const removal = await deps.identities.unlink(account.id, provider.issuer, issuers, told, deps.now())
    if (removal === 'last-way') return list(deps, request, session, 409, 'lastWay')
    if (removal === 'removed') await deps.letKnow(account, 'identity-unlinked')
    return redirect(`${OWN_PAGE}?done=unlinked`)
  }

  return [
    { method: 'GET', path: OWN_PAGE, handle: show },
    { method: 'POST', path: `${OWN_PAGE}/:provider/link`, handle: connect },
    { method: 'POST', path: `${OWN_PAGE}/:provider/unlink`, handle: disconnect },
  ]
}

/** Leads on by a link: a form of ours may not end at another site, and the person sees where they go. */
async function confirm(
  deps: ProviderDeps,
  request: HttpRequest,
  { account, sessionId }: Session,
  provider: Provider,
): Promise<HttpReply> {
  const locale = chooseLocale(request)
  const words = messages(locale).providers.confirm
  const name = provider.name[locale]
  try {
    const linkTo = { accountId: account.id, sessionId }
    const errand = { returnTo: OWN_PAGE, again: true, secondFactor: 'no' as const, linkTo, uiLocales: locale }
    const { url, cookies } = await startVisit(deps, provider, request, errand)
    const body = card(html`<h1>${words.title(name)}</h1><p>${words.lead(name)}</p>
<p class="actions">${linkButton(url.href, words.go(name), 'primary')}${linkButton(OWN_PAGE, words.stay)}</p>`)
    return { ...page(200, renderPage({ locale, title: words.title(name), body, width: 'narrow' })), cookies }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.log.warn(
      { provider: provider.id, detail: error.detail, id: request.id },
      'a provider does not answer',
    )
    return problemPage(request, error.kind, { returnTo: OWN_PAGE, isLinking: true })
  }
}

async function list(
  deps: ProviderDeps,
  request: HttpRequest,
  { account }: Session,
  status: number,
  note?: Note,
): Promise<HttpReply> {
  const locale = chooseLocale(request)
  const words = messages(locale).providers.own
  const { html: csrf, cookies } = deps.csrf.field(request)
  const linked = await deps.identities.listOf(account.id)
  const cards = deps.list.map((provider) => {
    const identity = linked.find(({ issuer }) => issuer === provider.issuer)
    return providerCard(provider, identity, csrf, locale)
  })
  const isBad = note === 'lastWay' || note === 'expired'
  const body = html`<h1>${words.title}</h1><p class="muted">${words.lead}</p>
${note && notice(isBad ? 'danger' : 'success', words[note])}<div class="stack">${cards}</div>`
  const user = { name: account.name, signOutField: csrf }
  const nav = accountNav(locale, OWN_PAGE, account.roles)
  const content = renderPage({ locale, title: words.title, body, user, nav, here: hereOf(request) })
  return { ...page(status, content), cookies }
}

function providerCard(provider: Provider, identity: Identity | undefined, csrf: Html, locale: Locale): Html {
  const words = messages(locale).providers.own
  const state = identity
    ? definitions([
        [words.connectedAs, identity.label],
        [words.since, formatMoment(locale, identity.linkedAt)],
      ])
    : html`<p class="muted">${words.none}</p>`
  const [step, label] = identity
    ? (['unlink', words.disconnect] as const)
    : (['link', words.connect] as const)
  const form = html`<form method="post" action="${pathOf(provider, step)}" class="actions">${csrf}${button(label, { kind: 'secondary' })}</form>`
  return card(html`${state}${form}`, provider.name[locale])
}
