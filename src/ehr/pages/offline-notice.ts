/** Tells people once in a while, and only of what they allowed long ago, which apps have access while they are away (REFR-23). */
import { type Html, html } from '../../http/html.ts'
import { notice } from '../../ui/parts.ts'
import type { EhrDeps } from '../deps.ts'
import type { Visit } from './visit.ts'

/** The notice for this person, if it is time for one. */
export async function offlineNotice(
  deps: Pick<EhrDeps, 'offlineReminder'>,
  { user, words, locale }: Visit,
): Promise<Html | false> {
  const apps = await deps.offlineReminder(user.id)
  const { offline } = words.portal
  const names = new Intl.ListFormat(locale).format(apps)
  return (
    apps.length > 0 &&
    notice('info', html`${offline.text(names)} <a href="/account/apps">${offline.link}</a>`)
  )
}
