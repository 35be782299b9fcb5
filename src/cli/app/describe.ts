/** `app add`, `app edit`: what an app is, from a file of RFC 7591 metadata, from flags, or from both: flags count more. */
import { readFileSync } from 'node:fs'
import { type ClientMetadata, clientMetadata } from '../../authorization/client-metadata.ts'
import { metadataOf } from '../../authorization/registration/metadata-members.ts'
import type { MadeApp, Registry } from '../../authorization/registration/registry.ts'
import { ConfigError } from '../../config.ts'
import { type Action, type Given, operator, print, wordsOf } from '../actions.ts'
import { existing, told } from './look.ts'
import { refuseUnknownScopes } from './scopes.ts'

const texts = {
  name: 'client_name',
  'launch-uri': 'initiate_login_uri',
  scope: 'scope',
  'auth-method': 'token_endpoint_auth_method',
  'jwks-uri': 'jwks_uri',
  'logo-uri': 'logo_uri',
  'client-uri': 'client_uri',
  'policy-uri': 'policy_uri',
  'tos-uri': 'tos_uri',
  'software-id': 'software_id',
  'software-version': 'software_version',
} as const

/** Several, separated by spaces. */
const lists = { 'redirect-uri': 'redirect_uris', 'grant-type': 'grant_types', contact: 'contacts' } as const

const names = [...Object.keys(texts), ...Object.keys(lists), 'jwks']
const flags = {
  ...Object.fromEntries(names.map((name) => [name, 'string' as const])),
  'pre-approved': 'boolean' as const,
  json: 'boolean' as const,
}

export const add: Action<Registry> = {
  takes: '[FILE]',
  flags,
  begins: true,
  async run(registry, given) {
    const [file] = given.args
    if (file === undefined && Object.keys(fromFlags(given)).length === 0) {
      throw new ConfigError(
        'app add',
        'the file with the metadata (JSON, RFC 7591) is missing, or flags such as --redirect-uri',
      )
    }
    const made = await registry.register(parse({ ...fromFile(file), ...fromFlags(given) }, file), operator())
    const kept = given.isSet('pre-approved')
      ? await registry.setTrust(made.client.id, 'preApproved', true, operator())
      : undefined
    printMade({ ...made, ...kept })
  },
}

export const edit: Action<Registry> = {
  takes: 'ID [FILE]',
  flags,
  async run(registry, given) {
    const [id = '', file] = given.args
    const { client, registration } = existing(await registry.find(id), id)
    if (registration.origin === 'document')
      throw new Error(`app ${id}: is known by its metadata document, and is changed there`)
    // A file is the whole of it; flags alone change what is there.
    const before = file === undefined ? metadataOf(client) : fromFile(file)
    const { response_types: _, ...rest } = before
    const metadata = parse({ ...rest, ...fromFlags(given) }, file)
    printMade(existing(await registry.edit(id, metadata, operator()), id))
  },
}

/** The secret is told here and never again: the store has only its hash. */
function printMade(made: MadeApp): void {
  print({ ...told(made), ...(made.secret !== undefined && { client_secret: made.secret }) })
}

function fromFlags(given: Given): Record<string, unknown> {
  const found: [string, unknown][] = [
    ...Object.entries(texts).map(([flag, member]): [string, unknown] => [member, given.text(flag)]),
    ...Object.entries(lists).map(([flag, member]): [string, unknown] => [member, wordsOf(given.text(flag))]),
    ['jwks', given.text('jwks') === undefined ? undefined : fromFile(given.text('jwks'))],
  ]
  // An empty text takes a member away.
  return Object.fromEntries(
    found
      .filter(([, value]) => value !== undefined)
      .map(([member, value]) => [member, value === '' ? undefined : value]),
  )
}

function fromFile(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch (error) {
    throw new ConfigError(file, error instanceof Error ? error.message : String(error))
  }
  throw new ConfigError(file, 'a JSON object is expected')
}

function parse(object: Record<string, unknown>, file: string | undefined): ClientMetadata {
  refuseUnknownScopes('scope', object.scope)
  const checked = clientMetadata.safeParse(object)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new ConfigError(
    issue?.path.map(String).join('.') || (file ?? 'metadata'),
    issue?.message ?? 'not acceptable',
  )
}
