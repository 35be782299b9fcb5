/** The composition root: opens the store, furnishes the sandbox, puts the roles together and listens. */
import { defaultBaseUrl } from './config/base-url.ts'
import { type Config, isOnlyHere } from './config.ts'
import type { Sandbox } from './ehr/deps.ts'
import type { Log } from './http/log.ts'
import { createPrivateReach } from './http/outbound/private-reach.ts'
import { createOutbound } from './http/outbound.ts'
import { registerSampleApps } from './server/apps.ts'
import { assemble } from './server/assemble.ts'
import { startChores } from './server/chores.ts'
import { openKeyBox, withKeySetting } from './server/key-box.ts'
import { createMailer } from './server/mailer.ts'
import { openData } from './server/open-data.ts'
import { peopleRules, stepUpRule } from './server/people-rules.ts'
import { openPolicy } from './server/policy.ts'
import { holdPort, listening } from './server/port.ts'
import { rateLimitsOf } from './server/rate-limits.ts'
import { furnishSandbox, sandboxOf } from './server/sandbox.ts'
import { furnishTasks } from './server/sandbox-tasks.ts'
import { openStores, type Stores } from './server/stores.ts'
import { openCertificate } from './server/tls.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const SWEEP_EVERY = 10 * MINUTE
const SEND_MAIL_EVERY = 15 * SECOND
const LOOK_AT_FILES_EVERY = 1 * SECOND
const LOOK_AT_KEYS_EVERY = 2 * SECOND
const TELL_APPS_EVERY = 2 * SECOND

export interface Server {
  /** What the outside calls it. */
  readonly baseUrl: string
  /** Finishes running requests, then lets go of the store. */
  close(): Promise<void>
}

/** Starts a server; resolves when it answers. */
export async function startServer(config: Config, log: Log): Promise<Server> {
  const held = await holdPort(config.host, config.port)
  const { port } = held
  const baseUrl = config.baseUrl ?? defaultBaseUrl(port, config.tlsCert === undefined ? 'http' : 'https')
  const now = Date.now
  const policy = await openPolicy(config, log)
  const certificate = await openCertificate(config, log, now)
  const keyBox = await openKeyBox(config)
  const sql = await openData(config)
  const asksOwnMachine = config.sandbox && isOnlyHere(config)
  const outbound = createOutbound({
    allowLoopback: asksOwnMachine,
    allowsPrivate: createPrivateReach(config.outbound.allow),
  })
  try {
    const stores = await openStores(sql, now, keyBox, config.fhir.searchTime)
    const sealed = await stores.keys.sealAll()
    if (sealed > 0) log.info({ keys: sealed }, 'signing keys are encrypted anew with the key in use')
    const sandbox = config.sandbox ? await prepareSandbox(stores, baseUrl, now) : undefined
    const auditRetention = config.auditRetention * DAY
    const mailer = config.mail && createMailer(config.mail)
    const options = {
      baseUrl,
      stores,
      log,
      now,
      outbound,
      asksOwnMachine,
      sandbox,
      providers: config.providers,
      policy: policy.current,
      auditRetention,
      needsDpopNonce: config.dpop.nonce === 'required',
      sections: config,
      people: peopleRules(config),
      stepUp: stepUpRule(config),
      mailer,
      trustedProxies: config.trustProxy,
      limits: rateLimitsOf(config.rateLimits, now),
      ...(certificate && { certificate: certificate.current() }),
      lifetimes: config.lifetimes,
      rotateKeysEvery: config.keys.rotateEvery,
    }
    const { app, refresh, sweep, sendMail, deliverLogouts } = await assemble(options)
    await held.release()
    await listening(app.listen(config.host, port), config.host, port)
    const stopChores = startChores(
      [
        { every: SWEEP_EVERY, run: sweep, failed: 'what is over could not be swept up' },
        { every: TELL_APPS_EVERY, run: deliverLogouts, failed: 'apps could not be told of a logout' },
        { every: LOOK_AT_FILES_EVERY, run: policy.look, failed: 'the policy file could not be looked at' },
        {
          every: LOOK_AT_FILES_EVERY,
          run: async () => {
            const renewed = await certificate?.look()
            if (renewed) app.renew(renewed)
          },
          failed: 'the certificate could not be looked at',
        },
        { every: SEND_MAIL_EVERY, run: sendMail, failed: 'letters could not be sent' },
        { every: LOOK_AT_KEYS_EVERY, run: refresh, failed: 'the signing keys could not be looked at' },
      ],
      log,
    )
    return {
      baseUrl,
      async close() {
        stopChores()
        await app.close()
        await outbound.close()
        await sql.close()
      },
    }
  } catch (error) {
    await held.release()
    await sql.close()
    throw withKeySetting(error, config)
  }
}

async function prepareSandbox(stores: Stores, baseUrl: string, now: () => number): Promise<Sandbox> {
  const asOf = new Date(now()).toISOString().slice(0, 10)
  const tell = (sentence: string) => process.stderr.write(`${sentence}\n`)
  await furnishSandbox({ asOf, repository: stores.records, accounts: stores.accounts, tell })
  await Promise.all([
    furnishTasks(stores.records, asOf, baseUrl),
    registerSampleApps(stores.clients, baseUrl, now),
  ])
  return sandboxOf(stores.records)
}
