/**
 * The style document that apps inside our pages adapt to (`smart_style_url`): the values of our own stylesheet. Its
 * address carries a digest of its content, so that another content is at another address (CTX-22, CTX-23).
 * @see SMART App Launch 2.2, styling
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '../http/route.ts'

/** Which of our values stands for which of SMART's; apps know no dark style of their EHR, so these are the light ones. */
const members = {
  color_background: '--ground',
  color_error: '--danger',
  color_highlight: '--accent',
  color_modal_backdrop: '--backdrop',
  color_success: '--success',
  color_text: '--ink',
  dim_border_radius: '--radius',
  dim_font_size: '--text-body',
  dim_spacing_size: '--space-4',
  font_family_body: '--font',
  font_family_heading: '--font',
} as const

const pixelsPerRem = 16
const forever = 'public, max-age=31536000, immutable'

/** The document, and its path below the base URL. */
export interface StyleDocument {
  readonly path: string
  readonly body: string
}

/** Makes the document of a stylesheet's tokens; throws when one of them is missing. */
export function styleDocumentOf(css: string): StyleDocument {
  const tokens = tokensOf(css)
  const values = Object.entries(members).map(([member, token]) => {
    const value = tokens.get(token)
    if (value === undefined) throw new Error(`the stylesheet has no ${token}`)
    return [member, member.startsWith('dim_') ? inPixels(value) : value]
  })
  const body = JSON.stringify(Object.fromEntries(values), undefined, 2)
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 16)
  return { path: `/ui/style/${version}.json`, body }
}

/** The document of this server's own stylesheet. */
export const styleDocument: StyleDocument = styleDocumentOf(
  readFileSync(join(import.meta.dirname, 'styles', 'tokens.css'), 'utf8'),
)

/** Serves the document to apps of any origin, who may keep it: what is at this address never changes. */
export function styleRoute({ path, body }: StyleDocument = styleDocument): Route {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': forever }
  return { method: 'GET', path, cors: 'any', handle: () => ({ status: 200, headers, body }) }
}

/** The values of the first `:root`, each on one line. */
function tokensOf(css: string): ReadonlyMap<string, string> {
  const [block = ''] = css.split('}', 1)
  const found = block.matchAll(/(--[\w-]+):\s*([^;]+);/g)
  return new Map([...found].map(([, name = '', value = '']) => [name, value.replaceAll(/\s+/g, ' ').trim()]))
}

/** Rem means the root of another page there. */
function inPixels(value: string): string {
  const rem = /^([\d.]+)rem$/.exec(value)?.[1]
  return rem === undefined ? value : `${Number(rem) * pixelsPerRem}px`
}
