/** The sample apps: files served from `apps/`, and their registration. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from '../authorization/client.ts'
import { clientMetadata } from '../authorization/client-metadata.ts'
import type { ClientStore } from '../authorization/ports.ts'
import { clientOf, withMetadata } from '../authorization/registration/metadata-members.ts'
import type { AppSummary, Apps } from '../ehr/ports.ts'
import type { Route } from '../http/route.ts'
import { staticFile, staticFolder } from '../http/static.ts'

const folder = fileURLToPath(new URL('../../apps', import.meta.url))
const library = fileURLToPath(import.meta.resolve('fhirclient/build/fhir-client.pure.min.js'))

/** `/apps/<name>/…`, and the library that the apps load; the EHR may show them in a frame. */
export function appRoutes(): Route[] {
  const policy = { frameAncestors: ["'self'"], connects: ["'self'"] }
  return [staticFile('/apps/lib/fhir-client.js', library), ...staticFolder('/apps', folder, { policy })]
}

/** Registers the sample apps under this server's addresses; a change of address or of an app replaces what it says of itself, not what an administrator decided. */
export async function registerSampleApps(
  clients: ClientStore,
  baseUrl: string,
  now: () => number,
): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await readFile(`${folder}/${name}/app.json`, 'utf8').catch(() => undefined)
    if (file === undefined) continue
    const { client_id: id, ...metadata } = absolute(JSON.parse(file), baseUrl)
    const said = clientMetadata.parse(metadata)
    const isKnown = await clients.change(String(id), (known) => withMetadata(known, said))
    if (!isKnown) await clients.add(clientOf(said, { id: String(id), createdAt: now() }))
  }
}

/** The metadata with every path made an address of this server. */
function absolute(metadata: Record<string, unknown>, baseUrl: string): Record<string, unknown> {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve)
    return typeof value === 'string' && value.startsWith('/') ? `${baseUrl}${value}` : value
  }
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, resolve(value)]))
}

/** The registered apps as the EHR shows them. */
export function createApps(clients: Pick<ClientStore, 'find' | 'list'>): Apps {
  return {
    list: async () => (await clients.list()).filter((client) => !client.disabled).map(summaryOf),
    async find(clientId) {
      const client = await clients.find(clientId)
      return client && !client.disabled ? summaryOf(client) : undefined
    },
  }
}

function summaryOf(client: Client): AppSummary {
  const { id, name, launchUri, redirectUris, clientUri, logoUri } = client
  return {
    clientId: id,
    name,
    redirectUris,
    ...(launchUri !== undefined && { launchUrl: launchUri }),
    ...(clientUri !== undefined && { homeUrl: clientUri, publisher: new URL(clientUri).host }),
    ...(logoUri !== undefined && { logoUrl: logoUri }),
  }
}
