/**
 * The policy of a running server, read again when its file changes. A new text comes into force as a whole and only
 * when it has no mistake; until then, and when it cannot be read, the policy stays what it was.
 */
import type { SitePolicy } from '../smart/policy.ts'
import { parsePolicy } from './parse-policy.ts'
import type { Supports } from './parse-withholding.ts'
import type { Mistake } from './yaml.ts'

/** A policy file that cannot be used; the message has every mistake with its line. */
export class PolicyError extends Error {
  readonly mistakes: readonly Mistake[]

  constructor(name: string, mistakes: readonly Mistake[]) {
    super(mistakes.map(({ line, text }) => `${name}:${line}: ${text}`).join('\n'))
    this.mistakes = mistakes
  }
}

/** Where changes of the policy are told. */
export interface PolicyLog {
  info(detail: object, text: string): void
  error(detail: object, text: string): void
}

/** The policy in force. */
export interface PolicyFile {
  /** As it is now; the same value as long as the file stays the same. */
  current(): SitePolicy
  /** Looks at the file; to be called every second or so. */
  look(): Promise<void>
}

export interface PolicyFileDeps {
  /** What the file is called in messages. */
  readonly name: string
  readonly read: () => Promise<string>
  readonly supports: Supports
  readonly log: PolicyLog
}

/** Opens a policy file; throws a {@link PolicyError} when it has mistakes. */
export async function openPolicyFile({ name, read, supports, log }: PolicyFileDeps): Promise<PolicyFile> {
  let inForce = await read()
  let policy = checkPolicy(name, inForce, supports)
  /** A text that is not in force: seen once, or found to be wrong. */
  let seen: string | undefined
  let refused: string | undefined
  let isReadable = true

  async function readOrTell(): Promise<string | undefined> {
    try {
      const text = await read()
      isReadable = true
      return text
    } catch (error) {
      if (isReadable)
        log.error({ err: error, file: name }, 'the policy file cannot be read; the old policy stays')
      isReadable = false
      return undefined
    }
  }

  function adopt(text: string): void {
    try {
      policy = checkPolicy(name, text, supports)
      inForce = text
      refused = undefined
      log.info({ file: name }, 'a new policy is in force')
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      refused = text
      log.error(
        { file: name, mistakes: error.mistakes },
        'the policy file has mistakes; the old policy stays',
      )
    }
  }

  return {
    current: () => policy,
    async look() {
      const text = await readOrTell()
      // A text is taken when it is found twice in a row: what is still being written is not.
      const isStable = text !== undefined && text === seen
      seen = text
      if (text === inForce) refused = undefined
      else if (isStable && text !== refused) adopt(text)
    },
  }
}

/** Reads a policy; throws a {@link PolicyError} with all its mistakes. */
export function checkPolicy(name: string, text: string, supports: Supports): SitePolicy {
  const { policy, mistakes } = parsePolicy(text, supports)
  if (!policy) throw new PolicyError(name, mistakes)
  return policy
}
