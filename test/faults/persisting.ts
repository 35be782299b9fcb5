/** An app at work while what is behind the server dies and comes back: it takes each failure as it is told, and goes on. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import {
  type App,
  type Authorized,
  exchangeForm,
  refreshForm,
  type TokenReply,
  type Visitor,
} from '../fixtures/visitor.ts'
import { type Creation, type Holding, markedObservation } from './ledger.ts'

/** What the app knows, and whether it is to stop. */
export interface Stubborn {
  readonly holdings: Holding[]
  readonly creations: Creation[]
  acknowledge: () => void
  over: boolean
}

const REFRESHES = 3
/** Who is not answered by then never is. */
const MINUTE = 60_000
const answered = () => AbortSignal.timeout(MINUTE)

/** Works in a loop until it is told to stop. Throws where an answer is neither right nor told as an endpoint tells failures. */
export async function persist(base: string, app: App, visitor: Visitor, work: Stubborn): Promise<void> {
  while (!work.over) if (!(await once(base, app, visitor, work))) await untilReady(base)
}

async function untilReady(base: string): Promise<void> {
  while (!(await fetch(`${base}/health/ready`, { signal: answered() })).ok) await setTimeout(20)
}

/** Whether nothing failed. */
async function once(base: string, app: App, visitor: Visitor, work: Stubborn): Promise<boolean> {
  const authorized = await authorize(app, visitor)
  if (!authorized) return false
  const holding: Holding = { authorized, tokens: undefined, pending: false }
  work.holdings.push(holding)
  if (!(await advance(base, holding, exchangeForm(app, authorized), work))) return false
  for (let refresh = 0; refresh < REFRESHES; refresh++) {
    if (!(await create(base, holding, work))) return false
    const form = refreshForm(app, holding.tokens?.refresh_token ?? '')
    if (!(await advance(base, holding, form, work))) return false
  }
  return true
}

/** The browser shows a page of a failure, and stays where it is. */
async function authorize(app: App, visitor: Visitor): Promise<Authorized | undefined> {
  try {
    return await visitor.authorize(app)
  } catch (error) {
    if (error instanceof TypeError) throw error
    return undefined
  }
}

async function advance(base: string, holding: Holding, form: string, work: Stubborn): Promise<boolean> {
  holding.pending = true
  const reply = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
    signal: answered(),
  })
  const body = (await reply.json()) as TokenReply & { error?: string }
  if (reply.status !== 200) {
    assert.deepEqual([reply.status, body.error], [500, 'server_error'])
    return false
  }
  holding.tokens = body
  holding.pending = false
  work.acknowledge()
  return true
}

async function create(base: string, { tokens }: Holding, work: Stubborn): Promise<boolean> {
  const creation: Creation = { marker: randomUUID(), id: undefined }
  work.creations.push(creation)
  const reply = await fetch(`${base}/fhir/Observation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens?.access_token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(markedObservation(creation.marker, tokens?.patient ?? '')),
    signal: answered(),
  })
  const body = (await reply.json()) as { resourceType: string; id: string }
  if (reply.status !== 201) {
    assert.ok([500, 503].includes(reply.status), `${reply.status}: ${JSON.stringify(body)}`)
    assert.equal(body.resourceType, 'OperationOutcome')
    return false
  }
  creation.id = body.id
  work.acknowledge()
  return true
}
