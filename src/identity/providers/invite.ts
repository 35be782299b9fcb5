/**
 * Activation codes: 80 random bits that a patient is given by somebody who knows them, and types in once. Kept as a
 * hash; of no use without the date of birth. @see docs/adr/0027, NIST SP 800-63B-4 §3.1.3.2
 */
import { randomBytes } from 'node:crypto'
import type { Actor } from '../../audit/actor.ts'
import { invitationMade } from '../../audit/event.ts'
import type { InvitationStore, RecordLookup } from './ports.ts'
import { hash } from './secrets.ts'

/** Without I, L, O and U, which are mistaken for others. @see Crockford's Base32 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHARACTERS = 16
const DAY = 24 * 60 * 60 * 1000
/** How long a code may be used, in days. */
export const INVITATION_DAYS = { usual: 14, most: 90 } as const

/** Why a patient gets no code; the text is for whoever makes it. */
export class InvitationProblem extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'InvitationProblem'
  }
}

/** Makes a code for a patient, and ends those that were made before. Throws {@link InvitationProblem}. */
export async function invite(
  deps: {
    invitations: Pick<InvitationStore, 'add'>
    records: Pick<RecordLookup, 'patient'>
    now: () => number
  },
  patient: string,
  days: number,
  by: Actor,
): Promise<{ code: string; expiresAt: number }> {
  const found = await deps.records.patient(patient)
  if (!found) throw new InvitationProblem(`there is no Patient/${patient} in use`)
  if (!/^\d{4}-\d\d-\d\d$/.test(found.birthDate ?? ''))
    throw new InvitationProblem(`Patient/${patient} has no full date of birth, which goes with a code`)
  const madeAt = deps.now()
  const code = newCode()
  const expiresAt = madeAt + days * DAY
  const invitation = { hash: codeHash(code), patient, madeAt, expiresAt }
  await deps.invitations.add(invitation, invitationMade(by, patient))
  return { code, expiresAt }
}

/** The name of a code's row, however the code is typed; nothing for what cannot be one. */
export function codeHashOf(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return code.length === CHARACTERS && [...code].every((letter) => ALPHABET.includes(letter))
    ? codeHash(code)
    : undefined
}

/** Four groups of four. */
function newCode(): string {
  const letters = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-')
}

function codeHash(code: string): string {
  return hash(`activation\n${code.replaceAll('-', '')}`)
}
