import { sourceOf } from '../http/security-headers.ts'
import type { AppSummary } from './ports.ts'

/** The origins an app shows itself at: what a page must allow to embed it, or to send a form that ends there. */
export function originsOf(app: AppSummary): string[] {
  const addresses = [app.launchUrl, ...app.redirectUris].filter((address) => address !== undefined)
  const sources = addresses.map(sourceOf).filter((source) => source !== undefined)
  return [...new Set(sources)]
}

/**
 * Whether an app can work inside a frame of ours: only at our own host, because a browser sends the session's cookie
 * to our sign-in pages in a frame only when everything around them is one site.
 */
export function canEmbed(app: AppSummary, baseUrl: string): boolean {
  if (app.launchUrl === undefined || !URL.canParse(app.launchUrl)) return false
  const [launch, own] = [new URL(app.launchUrl), new URL(baseUrl)]
  return launch.protocol === own.protocol && launch.hostname === own.hostname
}

/** The apps that can be launched from here, by name. */
export function launchable(apps: readonly AppSummary[]): AppSummary[] {
  return apps
    .filter(({ launchUrl }) => launchUrl !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
