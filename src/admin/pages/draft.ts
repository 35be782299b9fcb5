// What an administrator typed is not lost because they had to sign in first: it goes along sealed, and comes back into the form of the
// same page in the same browser, where it is looked at and sent anew with that page's own anti-forgery field. Nothing is sent by
// itself, no secret goes along, and only a form of our own page is kept: nobody else can lay a text before an administrator.
import { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import type { Visitor } from '../ports.ts'

const MINUTE = 60_000
/** As long as it may take to find one's second factor. */
const KEPT = 60 * MINUTE
/** An address of 8 KiB is as long as proxies take by default. */
const longest = 6000

/** In the query of the page that a draft comes back to. */
export const DRAFT = 'draft'

/** What a form may bring back, by its act; a form without an act is that of an app. */
const kept: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['client_name', 'redirect_uris', 'initiate_login_uri', 'grant_types', 'token_endpoint_auth_method'],
    ...['scope', 'jwks', 'jwks_uri', 'logo_uri', 'client_uri', 'policy_uri', 'tos_uri', 'contacts'],
    ...['software_id', 'software_version'],
  ],
  issue: ['name', 'uses', 'days', 'scope', 'backend'],
  make: ['patient', 'days'],
  link: ['fhir_user', 'records'],
}
/** A key that was pasted whole, with its private half. */
const privateKey = /"(?:d|p|q|dp|dq|qi|k)"\s*:|PRIVATE KEY/

type Deps = Pick<AdminDeps, 'drafts' | 'csrf' | 'now'>

/** What was typed into a form of our own page, for the address of the page that it belongs to; nothing where nothing can be kept. */
export function keepDraft(
  request: HttpRequest,
  visitor: Visitor | undefined,
  deps: Deps,
): string | undefined {
  const bound = boundTo(request, visitor?.id, deps)
  const act = request.form.get('act') ?? ''
  if (bound === undefined || !Object.hasOwn(kept, act)) return undefined
  const names = kept[act] ?? []
  const typed = request.form.entries.filter(([name, text]) => names.includes(name) && !privateKey.test(text))
  if (typed.length === 0) return undefined
  const sealed = deps.drafts.seal(JSON.stringify({ at: deps.now(), typed }), bound)
  return sealed.length > longest ? undefined : sealed
}

/** What was typed before, if this is the page, the browser and the person that it belongs to. */
export function openDraft(request: HttpRequest, visitor: Visitor, deps: Deps): Params | undefined {
  const sealed = request.method === 'GET' ? request.query.get(DRAFT) : undefined
  if (sealed === undefined || sealed.length > longest) return undefined
  for (const whose of [visitor.id, undefined]) {
    const bound = boundTo(request, whose, deps)
    const text = bound === undefined ? undefined : deps.drafts.open(sealed, bound)
    if (text === undefined) continue
    const { at, typed } = JSON.parse(text) as { at: number; typed: [string, string][] }
    return deps.now() - at < KEPT ? new Params(typed) : undefined
  }
  return undefined
}

/** Whoever was signed out is told from others by their browser alone. */
function boundTo(request: HttpRequest, whose: string | undefined, { csrf }: Deps): string | undefined {
  const browser = csrf.browser(request)
  return browser && JSON.stringify([browser, request.path, whose ?? ''])
}
