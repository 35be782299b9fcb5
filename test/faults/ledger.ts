/** An app at work until the server dies under it: remembers what was acknowledged, and what was under way. */
import { randomUUID } from 'node:crypto'
import {
  type App,
  type Authorized,
  exchangeForm,
  refreshForm,
  type TokenReply,
  type Visitor,
} from '../fixtures/visitor.ts'

/** A grant as far as its app knows. */
export interface Holding {
  readonly authorized: Authorized
  /** The last acknowledged reply of the token endpoint; nothing while the code was being exchanged. */
  tokens: TokenReply | undefined
  /** A token request was sent and not answered. */
  pending: boolean
}

export interface Creation {
  readonly marker: string
  /** The id that the server acknowledged; nothing while the request was under way. */
  id: string | undefined
}

/** What an app knows; `acknowledge` is called for every acknowledged reply. */
export interface Ledger {
  readonly holdings: Holding[]
  readonly creations: Creation[]
  readonly acknowledge: () => void
}

export const MARKER_SYSTEM = 'urn:example:crash'

const REFRESHES = 3

/** Works in a loop; ends when the server no longer answers. Throws when it answers with a failure of its own. */
export async function work(base: string, app: App, visitor: Visitor, ledger: Ledger): Promise<void> {
  try {
    for (;;) await once(base, app, visitor, ledger)
  } catch (error) {
    if (!isConnectionLost(error)) throw error
  }
}

/** What `fetch` throws when the other end is gone: before the reply, or in the middle of it. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof TypeError && ['fetch failed', 'terminated'].includes(error.message)
}

async function once(base: string, app: App, visitor: Visitor, ledger: Ledger): Promise<void> {
  const authorized = await visitor.authorize(app)
  const holding: Holding = { authorized, tokens: undefined, pending: false }
  ledger.holdings.push(holding)
  await advance(base, holding, exchangeForm(app, authorized), ledger)
  for (let refresh = 0; refresh < REFRESHES; refresh++) {
    await create(base, holding, ledger)
    await advance(base, holding, refreshForm(app, holding.tokens?.refresh_token ?? ''), ledger)
  }
}

async function advance(base: string, holding: Holding, form: string, ledger: Ledger): Promise<void> {
  holding.pending = true
  const { status, body } = await postForm(base, form)
  if (status !== 200) throw new Error(`the token endpoint answered ${status}: ${body}`)
  holding.tokens = JSON.parse(body) as TokenReply
  holding.pending = false
  ledger.acknowledge()
}

async function create(base: string, { tokens }: Holding, ledger: Ledger): Promise<void> {
  const creation: Creation = { marker: randomUUID(), id: undefined }
  ledger.creations.push(creation)
  const reply = await fetch(`${base}/fhir/Observation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens?.access_token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(markedObservation(creation.marker, tokens?.patient ?? '')),
  })
  const body = await reply.text()
  if (reply.status !== 201) throw new Error(`create answered ${reply.status}: ${body}`)
  creation.id = (JSON.parse(body) as { id: string }).id
  ledger.acknowledge()
}

/** An Observation that is found by its marker. */
export function markedObservation(marker: string, patient: string): object {
  return {
    resourceType: 'Observation',
    status: 'final',
    identifier: [{ system: MARKER_SYSTEM, value: marker }],
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2026-01-01',
    valueQuantity: { value: 60, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  }
}

/** Sends a form to the token endpoint; any answer is one. */
export async function postForm(base: string, form: string): Promise<{ status: number; body: string }> {
  const reply = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  })
  return { status: reply.status, body: await reply.text() }
}
