// An answer outlives its flow for as long as a code lives: who presses twice, reloads or goes back makes the browser drop the first
// one. It is kept sealed under the secret of the page's address, for the session that it was given to, and for the same form.
// CODE-01, CODE-04, RFC-05 (no code that was redeemed), RFC-12 (no code in clear), CONS-01 (no other decision).
import type { HttpRequest } from '../../http/route.ts'
import type { Lifetimes } from '../lifetimes.ts'
import type { GrantStore, Sealer } from '../ports.ts'
import { hashSecret } from '../secrets.ts'
import type { Flow, KeptAnswer } from './flow.ts'
import type { Members } from './redirect-back.ts'

/** What answers are kept and found with. */
export interface KeepDeps {
  /** Seals under a secret of 256 bits. */
  readonly sealerOf: (secret: string) => Sealer
  readonly lifetimes: Pick<Lifetimes, 'code'>
  readonly now: () => number
}

interface Content {
  readonly members: Members
  /** The form that it answers; nothing where none was sent. */
  readonly form?: string
}

/** What a flow that ends now with this answer keeps of it; it is there for as long as the answer is. */
export function keepAnswer(
  flow: Flow,
  members: Members,
  request: HttpRequest,
  { sealerOf, lifetimes, now }: KeepDeps,
  of: Pick<KeptAnswer, 'codeHash' | 'denied'>,
): Pick<Flow, 'answer' | 'expiresAt'> {
  const form = formOf(request)
  const content: Content = { members, ...(form !== undefined && { form }) }
  const until = now() + lifetimes.code
  const sealed = sealerOf(request.segments.id ?? '').seal(JSON.stringify(content), flow.hash)
  return { answer: { sealed, until, ...of }, expiresAt: Math.max(flow.expiresAt, until) }
}

/** The answer, where it may be given again to this request, whose session is the flow's. */
export async function openAnswer(
  { answer, hash }: Flow,
  request: HttpRequest,
  { sealerOf, now, grants }: KeepDeps & { readonly grants: Pick<GrantStore, 'findCode'> },
): Promise<Members | undefined> {
  if (!answer || answer.until <= now()) return undefined
  const text = sealerOf(request.segments.id ?? '').open(answer.sealed, hash)
  if (text === undefined) return undefined
  const { members, form } = JSON.parse(text) as Content
  const sent = formOf(request)
  if (sent !== undefined && sent !== form) return undefined
  if (answer.codeHash === undefined) return members
  const found = await grants.findCode(answer.codeHash)
  return found && !found.used ? members : undefined
}

/** Tells one form from any other, the anti-forgery field of another browser among what sets them apart. */
function formOf({ method, form }: HttpRequest): string | undefined {
  return method === 'POST' ? hashSecret(JSON.stringify(form.entries)) : undefined
}
