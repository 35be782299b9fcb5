import { readFileSync } from 'node:fs'
import type { Client } from '../authorization/client.ts'
import { clientMetadata } from '../authorization/client-metadata.ts'
import type { ClientStore } from '../authorization/ports.ts'
import { createClient } from '../authorization/register.ts'
import { randomIds } from '../authorization/secrets.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { createClientStore } from '../store/clients.ts'
import { openStore } from '../store/open.ts'
import type { Command } from './command.ts'

interface Wish {
  readonly asJson: boolean
  /** The app is a protected resource, and may introspect every app's access tokens (INTR-13). */
  readonly resourceServer: boolean
}

type Action = (clients: ClientStore, file: string | undefined, wish: Wish) => Promise<void>

const actions: Readonly<Record<string, Action>> = { list, add }

/** `app list [--json]`, `app add FILE [--resource-server]`: the registered apps. */
export const app: Command = async (args) => {
  const { config, rest, own } = loadConfig({
    flags: args,
    own: { json: 'boolean', 'resource-server': 'boolean' },
  })
  const [name = '', file] = rest
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new ConfigError('app', `one of ${Object.keys(actions).join(', ')} is expected`)
  const sql = await openStore(config.data)
  try {
    await action(createClientStore(sql), file, {
      asJson: own.json === true,
      resourceServer: own['resource-server'] === true,
    })
    return 0
  } finally {
    await sql.close()
  }
}

async function list(clients: ClientStore, _file: string | undefined, { asJson }: Wish): Promise<void> {
  const rows = (await clients.list()).map(rowOf)
  const text = asJson
    ? JSON.stringify(rows, undefined, 2)
    : rows
        .map((row) => [row.client_id, row.client_name, row.token_endpoint_auth_method].join('\t'))
        .join('\n')
  process.stdout.write(`${text}\n`)
}

/** The secret is told here and never again: the store has only its hash. */
async function add(clients: ClientStore, file: string | undefined, { resourceServer }: Wish): Promise<void> {
  if (file === undefined)
    throw new ConfigError('app add', 'the file with the metadata (JSON, RFC 7591) is missing')
  const checked = clientMetadata.safeParse(parseJson(file))
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new ConfigError(issue?.path.join('.') || file, issue?.message ?? 'not acceptable')
  }
  const { client: described, secret } = createClient(checked.data, { ids: randomIds, now: Date.now })
  if (resourceServer && described.authMethod === 'none')
    throw new ConfigError('--resource-server', 'takes an app that authenticates')
  const client: Client = { ...described, ...(resourceServer && { resourceServer }) }
  await clients.add(client)
  process.stdout.write(
    `${JSON.stringify({ ...rowOf(client), ...(secret && { client_secret: secret }) }, undefined, 2)}\n`,
  )
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ConfigError(file, error instanceof Error ? error.message : String(error))
  }
}

function rowOf(client: Client) {
  return {
    client_id: client.id,
    client_name: client.name,
    token_endpoint_auth_method: client.authMethod,
    redirect_uris: client.redirectUris,
    ...(client.launchUri !== undefined && { initiate_login_uri: client.launchUri }),
    scope: client.scope,
    ...(client.resourceServer && { resource_server: true }),
    disabled: client.disabled === true,
  }
}
