/** `rateLimits`: requests a minute, per endpoint. The defaults hinder neither a hospital behind one address nor a measurement. */
import { z } from 'zod'
import { isNetwork } from '../http/proxies.ts'

const mostPerMinute = 10_000_000

/** A number of requests a minute, or `off`. */
const expected = 'a whole number of requests a minute is expected, or off'
const perMinute = z.union(
  [z.literal('off'), z.number().int().min(1, expected).max(mostPerMinute, expected)],
  expected,
)

function rates(defaults: { perAddress: number; perClient?: number; perAccount?: number }) {
  return z
    .strictObject({
      perAddress: perMinute.default(defaults.perAddress),
      perClient: perMinute.default(defaults.perClient ?? 'off'),
      perAccount: perMinute.default(defaults.perAccount ?? 'off'),
    })
    .prefault({})
}

/** One member an endpoint; what is not named keeps its default. */
export const rateLimits = z
  .strictObject({
    /** The token endpoint. */
    token: rates({ perAddress: 12_000, perClient: 6_000 }),
    /** The authorization endpoint and pushed requests. */
    authorize: rates({ perAddress: 3_000, perClient: 1_500 }),
    /** Pages of a running authorization. */
    flow: rates({ perAddress: 6_000 }),
    /** Forms by which a person signs in or recovers an account. */
    signIn: rates({ perAddress: 600, perAccount: 30 }),
    /** Registration of apps and its management. */
    register: rates({ perAddress: 120 }),
    /** Introspection: a resource server asks for each request that it gets. */
    introspect: rates({ perAddress: 60_000 }),
    /** Everything else of the authorization server that changes something. */
    other: rates({ perAddress: 6_000 }),
    /** Addresses and networks that are not counted. */
    exempt: z
      .array(
        z
          .string()
          .refine(isNetwork, 'an address or a network is expected, such as 10.0.0.0/8, and not everybody'),
      )
      .default(['127.0.0.0/8', '::1']),
  })
  .prefault({})

export type RateLimitSettings = z.output<typeof rateLimits>
