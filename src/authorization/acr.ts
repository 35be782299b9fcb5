/**
 * How strongly somebody has proven who they are, as apps name it in `acr_values` and are told in `acr`.
 * @see OIDC Core §2, RFC 8176, REFEDS SFA and MFA profiles, OpenID EAP ACR Values 1.0
 */

/** From one factor to proof that no false page can catch. */
export type Level = 'sfa' | 'mfa' | 'phr'

const strength: Readonly<Record<Level, number>> = { sfa: 1, mfa: 2, phr: 3 }

const levels: ReadonlyMap<string, Level> = new Map([
  ['https://refeds.org/profile/sfa', 'sfa'],
  ['https://refeds.org/profile/mfa', 'mfa'],
  ['phr', 'phr'],
])

/** The values of `acr` that this server knows, for its discovery document. */
export const acrValues = [...levels.keys()]

const keys = ['hwk', 'swk', 'pop']
/** How the holder of a key unlocked it. */
const unlocking = ['mfa', 'user', 'pin', 'face', 'fpt']
/** The word of an EHR or of a provider that somebody is signed in there: not how. */
const words = ['ehr', 'fed']

/** Whether a sign-in was with two factors; what two methods come to is said by whoever saw them. */
export function hasTwoFactors(methods: readonly string[] = []): boolean {
  return methods.includes('mfa')
}

/** The level that the methods of a sign-in (RFC 8176) come to; nothing when they are not known. */
export function levelOf(methods: readonly string[] = []): Level | undefined {
  const has = (names: readonly string[]) => names.some((name) => methods.includes(name))
  if (methods.every((name) => words.includes(name))) return undefined
  // A key that its holder unlocks is two factors, and answers to this server's own name only. Any other shows who has it.
  if (has(keys) && has(unlocking)) return 'phr'
  return hasTwoFactors(methods) ? 'mfa' : 'sfa'
}

/** Whether a sign-in of level `held` does for `asked`. */
export function isEnough(held: Level, asked: Level): boolean {
  return strength[held] >= strength[asked]
}

/** The weakest known level among the values asked for; nothing when none is known: unknown ones are ignored. */
export function leastAsked(values: readonly string[]): Level | undefined {
  const known = values.map((value) => levels.get(value)).filter((level) => level !== undefined)
  return known.toSorted((a, b) => strength[a] - strength[b])[0]
}

/** What the app is told: the value it would like best of those that hold, else the strongest that holds. */
export function acrFor(methods: readonly string[] | undefined, asked: readonly string[]): string | undefined {
  const held = levelOf(methods)
  if (held === undefined) return undefined
  const fits = asked.find((value) => {
    const level = levels.get(value)
    return level !== undefined && isEnough(held, level)
  })
  return fits ?? [...levels].find(([, level]) => level === held)?.[0]
}
