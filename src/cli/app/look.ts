/** `app list`, `app show`: what is registered. */
import { statusOf } from '../../authorization/registration/answer.ts'
import { metadataOf } from '../../authorization/registration/metadata-members.ts'
import type { RegisteredApp } from '../../authorization/registration/ports.ts'
import type { Registry } from '../../authorization/registration/registry.ts'
import { versionOf } from '../../authorization/registration/version.ts'
import { ConfigError } from '../../config.ts'
import { type Action, print, printRows } from '../actions.ts'

/** The app as the commands tell it; a secret is never among it. */
export function told(app: RegisteredApp) {
  const { client, registration } = app
  const { waitsFor, origin } = registration
  return {
    client_id: client.id,
    version: versionOf(app),
    ...(metadataOf(client) as { client_name: string; token_endpoint_auth_method: string }),
    status: statusOf(client),
    ...(waitsFor && { waits_for: waitsFor }),
    disabled: client.disabled === true,
    pre_approved: client.preApproved === true,
    smart1: client.smart1 === true,
    resource_server: client.resourceServer === true,
    registered_by: origin,
    registered_at: new Date(client.createdAt).toISOString(),
    ...(client.secrets && {
      secrets: client.secrets.map(({ createdAt, endsAt }) => ({
        made_at: new Date(createdAt).toISOString(),
        ...(endsAt !== undefined && { ends_at: new Date(endsAt).toISOString() }),
      })),
    }),
  }
}

/** What the registry gave, or the sentence that there is no such app. */
export function existing<Found>(
  found: Found | undefined,
  id: string,
  problem = 'there is no such app',
): Found {
  if (found === undefined) throw new Error(`app ${id}: ${problem}`)
  return found
}

const states = ['approved', 'waiting', 'refused', 'disabled']

export const list: Action<Registry> = {
  takes: '',
  flags: { json: 'boolean', status: 'string' },
  async run(registry, given) {
    const status = given.text('status')
    if (status !== undefined && !states.includes(status)) {
      throw new ConfigError('--status', `one of ${states.join(', ')} is expected`)
    }
    const all = (await registry.list()).map(told)
    const rows = all.filter((row) => status === undefined || row.status === status)
    printRows(rows, ['client_id', 'client_name', 'token_endpoint_auth_method', 'status'], given.isSet('json'))
  },
}

export const show: Action<Registry> = {
  takes: 'ID',
  flags: { json: 'boolean' },
  async run(registry, { args: [id = ''] }) {
    print(told(existing(await registry.find(id), id)))
  },
}
