/** Which limit holds at which address: a table, so that an endpoint that is added later is not left without one. */
import type { RateLimitSettings } from '../config/rate-limits.ts'
import { askingClient } from '../http/named-client.ts'
import { createTrust } from '../http/proxies.ts'
import { createRateLimits, type RateLimits, type RateRule, type Rates } from '../http/rate-limits.ts'
import { normalUsername } from '../identity/account.ts'

const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE']

type Place = Exclude<keyof RateLimitSettings, 'exempt'>

/** The first row that fits counts. */
const places: readonly (Omit<RateRule, 'rates' | 'name'> & { readonly name: Place })[] = [
  { name: 'token', path: /^\/oauth\/token$/ },
  { name: 'introspect', path: /^\/oauth\/introspect$/ },
  { name: 'register', path: /^\/oauth\/register(?:\/|$)/ },
  { name: 'authorize', path: /^\/oauth\/authorize$/, clientOf: askingClient },
  { name: 'authorize', path: /^\/oauth\/par$/ },
  { name: 'flow', path: /^\/oauth\/flow\// },
  { name: 'flow', path: /^\/account\/providers\/[^/]+\/(?:sign-in|callback|sign-out)$/ },
  // A provider tells of everybody who signs out there from one address.
  { name: 'other', path: /^\/account\/providers\/[^/]+\/backchannel-logout$/ },
  { name: 'signIn', path: /^\/account\/(?!apps|language|sign-out)/, methods: ['POST'] },
  { name: 'other', path: /^\/(?:oauth|account|admin|ehr)\//, methods: CHANGING },
]

/** The limits of a running server. */
export function rateLimitsOf(settings: RateLimitSettings, now: () => number): RateLimits {
  const rules = places.map((place) => ({ ...place, rates: ratesOf(settings[place.name]) }))
  return createRateLimits(rules, {
    isExempt: createTrust(settings.exempt),
    now,
    plainUsername: normalUsername,
  })
}

function ratesOf(settings: RateLimitSettings[Place]): Rates {
  return Object.fromEntries(Object.entries(settings).filter(([, rate]) => rate !== 'off'))
}
