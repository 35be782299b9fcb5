// Whoever gives something away (a code, a token, a secret, trust, a person's records) has proved who they are just now: an
// open session that somebody finds is not enough. What only takes access away is not kept waiting, in an incident least of all.
// OWASP ASVS 4.0, 3.7.1; NIST SP 800-63B §7.2
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import type { Visitor } from '../ports.ts'
import { DRAFT, keepDraft } from './draft.ts'

/** For which requests of a route a fresh proof is needed: for none, for all, or for all but these acts of its form. */
export type Proof = 'never' | 'always' | { readonly butFor: readonly string[] }

/** In the query of a page to which somebody comes back whose form was not taken. */
export const UNPROVEN = 'unproven'

/** Where to send somebody first who asks for what needs a fresh proof; nothing where none is needed, or it is there. */
export async function askProof(
  request: HttpRequest,
  visitor: Visitor,
  proof: Proof,
  deps: AdminDeps,
): Promise<HttpReply | undefined> {
  if (!isNeeded(request, proof) || (await visitor.isFresh())) return undefined
  const back = request.method === 'GET' ? request.path : backToForm(request, visitor, deps)
  return redirect(deps.visitors.signInUrl(back, visitor))
}

/** The page of a form that was not taken, with what was typed into it. */
export function backToForm(request: HttpRequest, visitor: Visitor | undefined, deps: AdminDeps): string {
  const draft = keepDraft(request, visitor, deps)
  return `${request.path}?${UNPROVEN}=1${draft === undefined ? '' : `&${DRAFT}=${draft}`}`
}

function isNeeded({ form }: HttpRequest, proof: Proof): boolean {
  if (typeof proof === 'string') return proof === 'always'
  return !proof.butFor.includes(form.get('act') ?? '')
}
