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
 * Finds the mount that tells failures for an address that no route has: the one at its first segment, else the first
 * one below that segment with a format of its own.
 */
export function createNeighbours(mounts: readonly Mount[]): (path: string) => Mount | undefined {
  const bySegment = new Map<string, Mount>()
  const isAtSegment = ({ path }: Mount) => path === `/${firstSegment(path)}`
  for (const mount of [...mounts.filter(isAtSegment), ...mounts]) {
    const segment = firstSegment(mount.path)
    if ((mount.failure || isAtSegment(mount)) && !bySegment.has(segment)) bySegment.set(segment, mount)
  }
  return (path) => bySegment.get(firstSegment(path))
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

function firstSegment(path: string): string {
  return path.split('/', 2)[1] ?? ''
}
