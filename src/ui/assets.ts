/** What every page loads: the stylesheet, put together from its parts, and the pictures. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '../http/route.ts'
import { staticFile } from '../http/static.ts'
import { styleRoute } from './style-document.ts'

/** The parts of the stylesheet, in the order in which they count. */
const STYLES = [
  'tokens',
  'base',
  'layout',
  'forms',
  'blocks',
  'records',
  'consent',
  'ehr',
  'chart',
  'admin',
  'account',
] as const
const here = import.meta.dirname

/** `/ui/chartkey.css`, the style document, `/ui/logo.svg`, `/ui/favicon.svg` and `/favicon.ico`. */
export function uiRoutes(): Route[] {
  return [
    stylesheet(),
    styleRoute(),
    staticFile('/ui/logo.svg', join(here, 'logo.svg')),
    staticFile('/ui/favicon.svg', join(here, 'logo.svg')),
    // Browsers ask for this name on pages that are not ours to mark up, such as JSON.
    staticFile('/favicon.ico', join(here, 'logo.svg')),
  ]
}

function stylesheet(): Route {
  const body = STYLES.map((part) => readFileSync(join(here, 'styles', `${part}.css`), 'utf8')).join('\n')
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = { etag, 'cache-control': 'no-cache', 'content-type': 'text/css; charset=utf-8' }
  return {
    method: 'GET',
    path: '/ui/chartkey.css',
    handle: (request) =>
      request.headers['if-none-match'] === etag ? { status: 304, headers } : { status: 200, headers, body },
  }
}
