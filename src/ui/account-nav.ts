/** The menu of the pages about oneself: back to one's work, and from one such page to another. */
import type { Locale } from './locale.ts'
import { messages } from './messages.ts'
import type { NavItem } from './page.ts'

/** The pages that have this menu. */
export type AccountPlace = '/account' | '/account/security' | '/account/apps' | '/account/providers'

/** `roles` are the person's, as far as they are known: each has a place of its own to go back to. */
export function accountNav(
  locale: Locale,
  here: AccountPlace,
  roles: readonly ('clinician' | 'patient' | 'admin')[],
): NavItem[] {
  const { ehr, portal, account, security, frame } = messages(locale)
  const work = {
    clinician: { href: '/ehr', label: ehr.patients.title },
    patient: { href: '/portal', label: portal.title },
    admin: { href: '/admin', label: account.adminTitle },
  }
  const back = roles.length > 0 ? roles.map((role) => work[role]) : [{ href: '/', label: frame.home }]
  const own: readonly (readonly [AccountPlace, string])[] = [
    ['/account', account.title],
    ['/account/security', security.title],
    ['/account/apps', frame.connectedApps],
  ]
  return [...back, ...own.map(([href, label]) => ({ href, label, current: href === here }))]
}
