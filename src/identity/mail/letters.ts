/** What the letters say: plain text, in the language of whoever gets them, with addresses of this server only. */
import { formatMoment } from '../../ui/format.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import type { Account } from '../account.ts'
import { LINK_LIFETIME } from '../durations.ts'
import type { AccountChange } from '../ports.ts'

const MINUTE = 60_000

interface Written {
  readonly subject: string
  readonly text: string
}

/** How to set a new password; `link` works once. */
export function resetLetter(locale: Locale, account: Account, link: string): Written {
  const { letters } = messages(locale)
  return {
    subject: letters.resetSubject,
    text: letters.reset(account.name, account.username, link, LINK_LIFETIME / MINUTE),
  }
}

/** How to prove that an address is one's own. */
export function addressLetter(locale: Locale, account: Account, link: string): Written {
  const { letters } = messages(locale)
  return {
    subject: letters.addressSubject,
    text: letters.address(account.name, account.username, link, LINK_LIFETIME / MINUTE),
  }
}

/** That something changed, and what to do if it was somebody else. */
export function noticeLetter(
  locale: Locale,
  account: Account,
  { change, at, page }: { change: AccountChange; at: number; page: string },
): Written {
  const { letters } = messages(locale)
  return {
    subject: letters.noticeSubject,
    text: letters.notice(
      account.name,
      account.username,
      letters.changes[change],
      formatMoment(locale, at),
      page,
    ),
  }
}
