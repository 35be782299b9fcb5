/** The certificate of the server's own TLS, from the files that the settings name, looked at every second. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Config, ConfigError } from '../config.ts'
import type { Log } from '../http/log.ts'
import { type Certificate, problemOfCertificate } from '../http/tls.ts'

const DAY = 24 * 60 * 60 * 1000
const SOON = 14 * DAY
const FLAGS = { cert: '--tls-cert', key: '--tls-key' } as const

/** The certificate in force. */
export interface CertificateFiles {
  current(): Certificate
  /** Looks at the files; gives a new pair that can be used, else nothing, and the old one stays. */
  look(): Promise<Certificate | undefined>
}

/** Opens the files; throws a {@link ConfigError} when they cannot be used. Nothing where the settings name none. */
export async function openCertificate(
  { tlsCert, tlsKey }: Pick<Config, 'tlsCert' | 'tlsKey'>,
  log: Log,
  now: () => number,
): Promise<CertificateFiles | undefined> {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  const names = { cert: tlsCert, key: tlsKey }
  let inForce = await readPair(names)
  let refused: string | undefined
  let warnedAt = Number.NEGATIVE_INFINITY
  warnOfEnd()

  /** Once a day: a renewal that has stopped is noticed in time on a server that is never started anew, too. */
  function warnOfEnd(): void {
    const end = new X509Certificate(inForce.cert).validToDate
    if (end.getTime() - now() >= SOON || now() - warnedAt < DAY) return
    warnedAt = now()
    log.warn({ file: names.cert, end: end.toISOString() }, 'the certificate ends soon, or has ended')
  }

  async function look(): Promise<Certificate | undefined> {
    try {
      const pair = await readPair(names)
      refused = undefined
      if (pair.cert === inForce.cert && pair.key === inForce.key) {
        warnOfEnd()
        return undefined
      }
      inForce = pair
      log.info({ file: names.cert }, 'a new certificate is in force')
      warnedAt = Number.NEGATIVE_INFINITY
      warnOfEnd()
      return pair
    } catch (error) {
      // Two files cannot change at the same moment: a pair that does not fit may fit a second later.
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== refused) log.error({ problem }, 'the certificate cannot be read; the old one stays')
      refused = problem
      return undefined
    }
  }
  return { current: () => inForce, look }
}

async function readPair(names: Readonly<Record<keyof Certificate, string>>): Promise<Certificate> {
  const pair = { cert: await readPem('cert', names.cert), key: await readPem('key', names.key) }
  const wrong = problemOfCertificate(pair)
  if (wrong) throw new ConfigError(FLAGS[wrong.file], `${names[wrong.file]} ${wrong.problem}`)
  return pair
}

async function readPem(file: keyof Certificate, name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    throw new ConfigError(FLAGS[file], error instanceof Error ? error.message : String(error))
  }
}
