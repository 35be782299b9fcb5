/** The mail server that letters to people go through. */
import { z } from 'zod'
import { wholeNumber } from './whole-number.ts'

const MAILBOX = /^(?:[^<>\r\n]+ )?<?[^<>@\s]+@[^<>@\s]+>?$/
const DEFAULT_PORTS = { implicit: 465, starttls: 587, none: 25 } as const

/** `mail:`; absent, no mail is sent. A connection without TLS is for a mail server on this machine only. */
export const mailShape = z
  .strictObject({
    host: z.string().min(1),
    /** Default 587 with `starttls`, 465 with `implicit`, 25 with `none`. */
    port: wholeNumber(1, 65_535).optional(),
    tls: z.enum(['implicit', 'starttls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z.string().regex(MAILBOX, 'an address is expected, or Name <address>'),
  })
  .refine(({ tls, host }) => tls !== 'none' || isHere(host), {
    path: ['tls'],
    message: 'without TLS mail goes to localhost only',
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password come together',
  })
  .transform((mail) => ({ ...mail, port: mail.port ?? DEFAULT_PORTS[mail.tls] }))
  .optional()

/** What `mail:` comes to. */
export type MailConfig = NonNullable<z.output<typeof mailShape>>

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
