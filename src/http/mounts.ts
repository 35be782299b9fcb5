/** The table of routes as the server mounts it: one entry a path, so that a wrong method is told from a wrong address. */
import type { Cors, Route } from './route.ts'

/** All routes of one path. */
export interface Mount {
  readonly path: string
  readonly routes: ReadonlyMap<string, Route>
  /** The methods that are answered, for `Allow` and preflights. */
  readonly methods: readonly string[]
  readonly failure: Route['failure']
}

/** Groups routes by path; throws when two claim the same method of a path. */
export function mountRoutes(routes: readonly Route[]): Mount[] {
  const byPath = new Map<string, Map<string, Route>>()
  for (const route of routes) {
    const methods = byPath.get(route.path) ?? new Map<string, Route>()
    for (const method of methodsOf(route)) {
      if (methods.has(method)) throw new Error(`two routes answer ${method} ${route.path}`)
      methods.set(method, route)
    }
    byPath.set(route.path, methods)
  }
  return [...byPath].map(([path, methods]) => mountOf(path, methods))
}

/**
 * Finds the mount that tells failures for an address that no route has, nearest first: the one that is a beginning of it, or
 * one below such a beginning where all of those are told alike. Below its first segment they are told as programs expect,
 * where any of them is, but for a segment that is a mount itself.
 */
export function createNeighbours(mounts: readonly Mount[]): (path: string) => Mount | undefined {
  const byStart = new Map<string, Mount[]>()
  for (const mount of mounts)
    for (const start of startsOf(mount.path)) byStart.set(start, [...(byStart.get(start) ?? []), mount])
  const telling = new Map<string, Mount>()
  for (const [start, below] of byStart) {
    const told = tellingOf(start, below)
    if (told) telling.set(start, told)
  }
  const depth = Math.max(0, ...[...telling.keys()].map((start) => start.split('/').length))
  return (path) => {
    // As deep as any mount, however many slashes there are.
    for (let steps = path.split('/', depth); steps.length > 1; steps = steps.slice(0, -1)) {
      const found = telling.get(steps.join('/'))
      if (found) return found
    }
    return undefined
  }
}

/** `/a/b/:id` begins with `/a` and `/a/b`; what a name stands for is in no table. */
function startsOf(path: string): string[] {
  const segments = path.split('/').slice(1)
  const named = segments.findIndex((segment) => /^[:*]/.test(segment))
  const fixed = named < 0 ? segments : segments.slice(0, named)
  return fixed.filter((segment) => segment !== '').map((_, at) => `/${fixed.slice(0, at + 1).join('/')}`)
}

function tellingOf(start: string, below: readonly Mount[]): Mount | undefined {
  const own = below.find(({ path }) => path === start)
  if (own) return own
  const telling = below.filter(({ failure }) => failure)
  const isFirstSegment = start.lastIndexOf('/') === 0
  if (isFirstSegment) return telling[0]
  return telling.length === below.length || telling.length === 0 ? below[0] : undefined
}

/** What cross-origin rule a request has: its own route's, else the most open one of its path. */
export function corsOf(mount: Mount | undefined, method: string): Cors {
  const own = mount?.routes.get(method)
  if (own) return own.cors ?? 'none'
  const rules = [...(mount?.routes.values() ?? [])].map((route) => route.cors)
  if (rules.includes('any')) return 'any'
  return rules.includes('registered') ? 'registered' : 'none'
}

function mountOf(path: string, routes: Map<string, Route>): Mount {
  const get = routes.get('GET')
  if (get && !routes.has('HEAD')) routes.set('HEAD', get)
  const failure = [...routes.values()].find((route) => route.failure)?.failure
  return { path, routes, methods: [...routes.keys(), 'OPTIONS'], failure }
}

function methodsOf(route: Route): readonly string[] {
  return typeof route.method === 'string' ? [route.method] : route.method
}
