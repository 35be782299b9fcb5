/** The sessions of an account: listed on `/account`, and ended by `POST /account/sessions`, one or all others. */
import { type Html, html } from '../http/html.ts'
import { redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { formatMoment } from '../ui/format.ts'
import type { Locale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import { button, chip } from '../ui/parts.ts'
import type { StoredSession } from './account.ts'
import type { IdentityHouse } from './house.ts'
import { isOver, type Session } from './sessions.ts'
import { describeAgent } from './user-agent.ts'

const PATH = '/account/sessions'

export function sessionRoutes(house: IdentityHouse): Route[] {
  async function end(request: HttpRequest): Promise<HttpReply> {
    const session = await house.running.of(request)
    if (!session || !house.csrf.check(request)) return redirect('/account')
    const id = request.form.get('session')
    if (id === session.sessionId) return redirect('/account/sign-out')
    const { account } = session
    if (id !== undefined) {
      // The id of somebody else's session ends nothing.
      if ((await house.sessions.find(id))?.accountId !== account.id) return redirect('/account')
      await house.tell(request, account, 'session-ended')
      await house.sessions.remove(id)
    } else {
      await house.tell(request, account, 'session-ended')
      await house.sessions.removeOf(account.id, session.sessionId)
    }
    return redirect('/account?ended=1')
  }

  return [{ method: 'POST', path: PATH, handle: end }]
}

/** The sessions that have not ended, this one among them. */
export async function sessionList(
  { sessions, now }: Pick<IdentityHouse, 'sessions' | 'now'>,
  { account, sessionId }: Session,
  { locale, csrf }: { readonly locale: Locale; readonly csrf: Html },
): Promise<Html> {
  const { account: words } = messages(locale)
  const live = (await sessions.listOf(account.id)).filter((session) => !isOver(session, now()))
  const others = live.filter(({ id }) => id !== sessionId)
  const items = live.map((session) => item(session, session.id === sessionId, { locale, csrf }))
  return html`<ul class="list">${items}</ul>
${others.length > 0 && html`<form method="post" action="${PATH}" class="actions">${csrf}${button(words.endOthers, { kind: 'danger' })}</form>`}`
}

function item(
  session: StoredSession,
  isThis: boolean,
  { locale, csrf }: { readonly locale: Locale; readonly csrf: Html },
): Html {
  const { account: words } = messages(locale)
  const { browser, system } = describeAgent(session.agent ?? '')
  const device = [browser, system].filter((word) => word !== undefined).join(' · ') || words.unknownDevice
  const moment = formatMoment(locale, session.signedInAt)
  const ways = session.methods.flatMap((method) =>
    Object.hasOwn(words.methods, method) ? words.methods[method as keyof typeof words.methods] : [],
  )
  const told = [words.since(moment), ways.join(' + '), session.address].filter(Boolean).join(' · ')
  return html`<li><p><strong>${device}</strong> ${isThis && chip(words.thisOne, 'accent')}<br><span class="muted small">${told}</span></p>
${!isThis && html`<form method="post" action="${PATH}">${csrf}<input type="hidden" name="session" value="${session.id}">${button(html`${words.endSession}<span class="visually-hidden"> ${device}, ${moment}</span>`, { kind: 'secondary' })}</form>`}</li>`
}
