import { sourceOf } from '../../http/security-headers.ts'
import type { FlowStore } from '../ports.ts'
import { hashSecret } from '../secrets.ts'

const longestLocales = 100
const flowPathShape = /^\/oauth\/flow\/([A-Za-z0-9_-]{43})(?:\?|$)/

/** The address of a flow's pages, which speak the language that the app asked for. */
export function flowPath(id: string, uiLocales: string | undefined): string {
  const query =
    uiLocales && uiLocales.length < longestLocales ? `?ui_locales=${encodeURIComponent(uiLocales)}` : ''
  return `/oauth/flow/${id}${query}`
}

/** Where a form may end that leads back to `returnTo`: of a running flow, its app. Browsers check every redirect behind a form. */
export async function formTargets(returnTo: string, flows: FlowStore): Promise<string[]> {
  const id = flowPathShape.exec(returnTo)?.[1]
  const flow = id ? await flows.find(hashSecret(id)) : undefined
  const source = flow && sourceOf(flow.request.redirectUri)
  return source ? [source] : []
}
