import { randomUUID } from 'node:crypto'
import { trailRules } from '../audit/chain.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { INVITATION_DAYS, invite as makeInvitation } from '../identity/providers/invite.ts'
import { indexing } from '../resource/search/indexing.ts'
import { openData, requireStore } from '../server/open-data.ts'
import { createRecordLookup } from '../server/record-lookup.ts'
import { parseReference } from '../smart/ids.ts'
import { createRecording } from '../store/audit.ts'
import { createInvitationStore } from '../store/invitations.ts'
import { createRecords } from '../store/records/records.ts'
import { operator } from './actions.ts'
import type { Command } from './command.ts'

/** `invite Patient/ID [--days N] [--json]`: an activation code for a patient, told here and never again. */
export const invite: Command = async (args) => {
  const { config, rest, own } = loadConfig({
    flags: args,
    own: { days: 'string', json: 'boolean' },
    command: { name: 'invite', takes: 1 },
  })
  const patient = patientOf(rest)
  const days = daysOf(own.days)
  requireStore(config)
  const sql = await openData(config)
  try {
    const records = createRecords(sql, { indexing, now: Date.now, newId: randomUUID })
    const deps = {
      invitations: createInvitationStore(sql, createRecording(trailRules)),
      // Of the lookup only what reads by id is used, for which the base does not matter.
      records: createRecordLookup(records, 'http://localhost/fhir'),
      now: Date.now,
    }
    const { code, expiresAt } = await makeInvitation(deps, patient, days, operator())
    const expires = new Date(expiresAt).toISOString()
    const told = { patient: `Patient/${patient}`, code, expires_at: expires }
    process.stdout.write(own.json === true ? `${JSON.stringify(told)}\n` : `${code}\t${expires}\n`)
    return 0
  } finally {
    await sql.close()
  }
}

function patientOf([reference]: readonly string[]): string {
  const parsed = parseReference(reference)
  if (parsed?.type !== 'Patient' || parsed.version !== undefined)
    throw new ConfigError('invite', 'one patient is expected, such as Patient/123')
  return parsed.id
}

function daysOf(text: string | boolean | undefined): number {
  const { usual, most } = INVITATION_DAYS
  const days = text === undefined ? usual : Number(text)
  if (!/^\d+$/.test(String(text ?? usual)) || days < 1 || days > most)
    throw new ConfigError('--days', `a whole number of days from 1 to ${most} is expected`)
  return days
}
