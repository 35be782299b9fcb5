/** Mail by SMTP: one connection a letter, checked certificates, nothing read from disk or network for it. */
import { createTransport } from 'nodemailer'
import type { MailConfig } from '../config/mail.ts'
import type { Mailer } from '../identity/mail/ports.ts'

const SECOND = 1000
const CONNECTING = 10 * SECOND
const ANSWERING = 20 * SECOND

/** A mailer over this mail server. */
export function createMailer({ host, port, tls, user, password, from }: MailConfig): Mailer {
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    connectionTimeout: CONNECTING,
    greetingTimeout: CONNECTING,
    socketTimeout: ANSWERING,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }) {
      // An object, so that nothing in the address is read as a second one.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
    },
  }
}
