/** The site's policy: the file that the settings name, else one that comes with the program, looked at every second. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Config, ConfigError } from '../config.ts'
import { openPolicyFile, type PolicyFile, type PolicyLog } from '../policy/policy-file.ts'
import { isSupportedFilter } from '../resource/search/filter.ts'

const ownFolder = new URL('../../policies/', import.meta.url)

/** The file that is in force where the settings name none. */
export function policyPath({ policy, sandbox }: Pick<Config, 'policy' | 'sandbox'>): string {
  return policy ?? fileURLToPath(new URL(sandbox ? 'sandbox.yaml' : 'default.yaml', ownFolder))
}

/** Opens the policy; throws a {@link ConfigError} when its file cannot be read or has mistakes. */
export async function openPolicy(config: Config, log: PolicyLog): Promise<PolicyFile> {
  const name = policyPath(config)
  try {
    return await openPolicyFile({
      name,
      read: () => readFile(name, 'utf8'),
      supports: isSupportedFilter,
      log,
    })
  } catch (error) {
    throw new ConfigError('--policy', error instanceof Error ? error.message : String(error))
  }
}
