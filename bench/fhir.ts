import type { Sandbox } from './sandbox.ts'

interface Found {
  readonly resourceType: string
  readonly id: string
}

interface Searchset {
  readonly entry?: readonly { readonly resource: Found }[]
  readonly total?: number
}

async function request({ server, tokens }: Sandbox, search: string): Promise<Searchset> {
  const reply = await fetch(`${server.base}/fhir/${search}`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  if (reply.status !== 200) throw new Error(`${search} answered ${reply.status}`)
  return (await reply.json()) as Searchset
}

/** The resources on the first page of a search, with the access token of the sandbox. */
export async function requestSearch(sandbox: Sandbox, search: string): Promise<readonly Found[]> {
  const { entry } = await request(sandbox, search)
  if (entry === undefined) throw new Error(`${search} found nothing`)
  return entry.map(({ resource }) => resource)
}

/** How many resources a search finds. */
export async function searchTotal(sandbox: Sandbox, search: string): Promise<number> {
  const { total } = await request(sandbox, search)
  if (!total) throw new Error(`${search} has no total`)
  return total
}
