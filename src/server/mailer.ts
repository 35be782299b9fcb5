/** Mail by SMTP: one connection a letter, checked certificates, nothing read from disk or network for it. */
import type { MailConfig } from '../config/mail.ts'
import type { Mailer } from '../identity/mail/ports.ts'

const SECOND = 1000
const CONNECTING = 10 * SECOND
const ANSWERING = 20 * SECOND

/** A mailer over this mail server; what speaks with it is loaded with the first letter. */
export function createMailer(config: MailConfig): Mailer {
  let transport: ReturnType<typeof openTransport> | undefined
  return {
    async send({ to, subject, text }) {
      transport ??= openTransport(config)
      // An object, so that nothing in the address is read as a second one.
      await (await transport).sendMail({ from: config.from, to: { name: '', address: to }, subject, text })
    },
  }
}

async function openTransport({ host, port, tls, user, password }: MailConfig) {
  const { createTransport } = await import('nodemailer')
  return createTransport({
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
}
