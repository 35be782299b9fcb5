/**
 * Enforces that a writer is shown of what is stored only what the writer sent, or may read: what a patch left alone, and
 * labels that an update kept, are somebody else's words. @see FHIR R4 http, managing return content
 */
import type { Resource } from '../../smart/resource.ts'
import { admitAny } from '../binary.ts'
import { admitWritten, reachFor } from '../enforce.ts'
import { withheldReply, writtenReply } from '../replies.ts'
import type { Stored, Written } from '../repository.ts'
import type { FhirReply } from '../request.ts'
import type { Permitted, Services } from './handler.ts'
import { only } from './write.ts'

/** Makes the reply: the whole resource only to a writer who may read what was there and what is there now. */
export async function replyToWriter(
  before: Stored,
  next: Resource,
  status: 200 | 201,
  permitted: Permitted,
  services: Services,
): Promise<(written: readonly Written[]) => FhirReply> {
  const asking = { caller: permitted.caller, reach: reachFor(permitted.caller, 'r', before.type) }
  const both = [before, { ...before, resource: next }]
  const seen = await Promise.all(both.map((stored) => admitAny(stored, asking, services)))
  return (written) => {
    const stored = admitWritten(only(written).stored)
    const reply = seen.every(Boolean) ? writtenReply : withheldReply
    return reply(stored, status, services.base, permitted)
  }
}
