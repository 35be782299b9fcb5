/** The letters that go out, where mail is set up. */
import { randomIds } from '../../authorization/secrets.ts'
import { createDelivery, type Delivery } from '../../identity/mail/delivery.ts'
import { createThrottle } from '../../identity/throttle.ts'
import type { House } from '../house.ts'

/** Sends what waits; nothing where no mail is sent. */
export function deliveryOf({ stores, mailer, baseUrl, log, now }: House): Delivery | undefined {
  if (!mailer) return undefined
  return createDelivery({
    ...stores,
    mailer,
    throttle: createThrottle(stores.attempts),
    baseUrl,
    now,
    ids: randomIds,
    warn: (error, message) => log.warn({ err: error }, message),
  })
}
