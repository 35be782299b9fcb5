import type { Sandbox } from './sandbox.ts'

interface Found {
  readonly resourceType: string
  readonly id: string
}

/** The resources on the first page of a search, with the access token of the sandbox. */
export async function requestSearch({ server, tokens }: Sandbox, search: string): Promise<readonly Found[]> {
  const reply = await fetch(`${server.base}/fhir/${search}`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  const bundle = (await reply.json()) as { entry?: readonly { resource: Found }[] }
  if (reply.status !== 200 || bundle.entry === undefined)
    throw new Error(`${search} answered ${reply.status}`)
  return bundle.entry.map(({ resource }) => resource)
}
