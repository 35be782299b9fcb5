/**
 * Answers a transaction: every entry is decided, judged and put on record by itself (RSRC-08), and stored with all the
 * others or not at all. Deletions come first, then what is created, then what is changed; what is read is read after.
 * @see FHIR R4 http, transaction
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isChange } from '../../smart/operations.ts'
import type { Handler, Permitted, Prepared } from '../interactions/handler.ts'
import { commit } from '../interactions/write.ts'
import { errorReply, FhirError } from '../outcomes.ts'
import type { Written } from '../repository.ts'
import type { FhirReply } from '../request.ts'
import { type Entry, parseEntries, requestOf } from './entries.ts'
import { aboutEntry } from './entry-error.ts'
import { createIdentified } from './identified.ts'
import { type Means, withMemory } from './means.ts'
import { nameTargets, type Placed, placeEntry } from './place.ts'
import { readsAfter } from './reads-after.ts'
import { relink } from './relink.ts'
import { responseEntry, responseReply } from './response.ts'
import { createRoom } from './room.ts'

export const transaction: Handler<'transaction'> = async (exchange, services) => {
  const entries = parseEntries(exchange.request, services.limits).map((entry) => {
    if (entry.asked) return entry
    throw aboutEntry(new FhirError('unknownEntry'), entry.index)
  })
  const means = withMemory(services)
  const placed = await placeAll(entries, exchange, means)
  await relinkAll(placed, exchange, means)
  const writes = await judgeAll(placed, entries, exchange, means)
  await checkReads(entries.filter(isReading), writes, exchange, means)
  return {
    status: 200,
    touched: { patients: [], resources: [] },
    finish: () => finish(entries, writes, exchange, means),
  }
}

/** An entry whose write was judged. */
interface Ready {
  readonly entry: Entry
  readonly prepared: Prepared
}

const phases: readonly (readonly string[])[] = [
  ['delete', 'conditional-delete'],
  ['create'],
  ['update', 'conditional-update', 'patch', 'conditional-patch', 'operation'],
]

/** What stores the resource that comes with it. */
const storing: ReadonlySet<string> = new Set(['create', 'update', 'conditional-update'])

function isReading({ asked }: Entry): boolean {
  if (asked.kind === 'operation') return !isChange(asked)
  return !phases.some((kinds) => kinds.includes(asked.kind))
}

async function placeAll(entries: readonly Entry[], { caller }: Permitted, means: Means): Promise<Placed[]> {
  const placed: Placed[] = []
  for (const entry of entries) {
    const one = await attempt(entry, { caller }, means, () => placeEntry(entry, { ...means, caller }))
    if (one) placed.push(one)
  }
  checkDistinct(placed)
  return placed
}

/** What may make a resource where it names none. */
function conditionOf(asked: Entry['asked']): string | undefined {
  if (asked.kind === 'create') return asked.ifNoneExist
  return asked.kind === 'conditional-update' ? asked.query : undefined
}

/** Two entries about one resource would depend on an order that nobody named. */
function checkDistinct(placed: readonly Placed[]): void {
  const seen = new Set<string>()
  for (const { entry, type, id } of placed) {
    const { asked } = entry
    const condition = conditionOf(asked)
    for (const key of [`${type}/${id}`, ...(condition ? [`${type}?${condition}`] : [])]) {
      if (seen.has(key)) throw aboutEntry(new FhirError('twice'), entry.index)
      seen.add(key)
    }
  }
}

async function relinkAll(placed: readonly Placed[], { caller }: Permitted, means: Means): Promise<void> {
  const resources = new Map(
    placed.flatMap(({ entry, type, id }) =>
      entry.resource?.resourceType === type ? [[`${type}/${id}`, entry.resource] as const] : [],
    ),
  )
  const linking = {
    ...means,
    caller,
    targets: nameTargets(placed),
    identified: createIdentified(resources),
  }
  for (const { entry } of placed) await attempt(entry, { caller }, means, () => relink(entry, linking))
  // What is deleted, and what a conditional create leaves as it was, is not what the entry says.
  for (const { entry, type, id, isThere } of placed) {
    const resource = resources.get(`${type}/${id}`)
    if (resource && !isThere && storing.has(entry.asked.kind)) means.pending.set(`${type}/${id}`, resource)
  }
}

async function judgeAll(
  placed: readonly Placed[],
  entries: readonly Entry[],
  { caller }: Permitted,
  means: Means,
): Promise<Ready[]> {
  const ids = new Map(placed.map(({ entry, id }) => [entry, id]))
  const ready: Ready[] = []
  for (const kinds of phases) {
    for (const entry of entries.filter((one) => kinds.includes(one.asked.kind) && !isReading(one))) {
      const own = { ...means, newId: () => ids.get(entry) ?? means.newId() }
      const prepared = await attempt(entry, { caller }, means, () =>
        means.steps.prepare(requestOf(entry), caller, entry.asked, own),
      )
      ready.push({ entry, prepared })
      // Other people's requests are waiting, too.
      await nextTurn()
    }
  }
  return ready
}

/** What would fail to be read fails the transaction, before anything is stored. */
async function checkReads(
  reading: readonly Entry[],
  writes: readonly Ready[],
  { caller }: Permitted,
  means: Means,
): Promise<void> {
  if (reading.length === 0) return
  const changes = writes.flatMap(({ prepared }) => prepared.write?.changes ?? [])
  const repository = readsAfter(means.repository, changes)
  for (const entry of reading) {
    await attempt(entry, { caller }, means, () =>
      means.steps.prepare(requestOf(entry), caller, entry.asked, { ...means, repository }),
    )
    await nextTurn()
  }
}

/** Runs one step for one entry; a failure is put on record as the entry’s, and thrown as the transaction’s. */
async function attempt<Result>(
  entry: Entry,
  { caller }: Pick<Permitted, 'caller'>,
  { steps }: Means,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    const known = steps.known(error, entry.request, caller, entry.asked)
    await steps.recorder.failed(entry.request, caller, entry.asked, known)
    throw aboutEntry(known, entry.index)
  }
}

async function finish(
  entries: readonly Entry[],
  writes: readonly Ready[],
  permitted: Permitted,
  means: Means,
): Promise<FhirReply> {
  const { caller, preferences } = permitted
  const { steps, repository } = means
  await Promise.all(
    writes.map(({ entry, prepared }) => steps.recorder.allowed(entry.request, caller, entry.asked, prepared)),
  )
  const changes = writes.flatMap(({ prepared }) => prepared.write?.changes ?? [])
  const written = await commit(changes, repository, 'raced')
  const answers = tellWrites(writes, written)
  const room = createRoom()
  const told: string[] = []
  for (const entry of entries) {
    const answer = answers.get(entry) ?? (await read(entry, room.isLeft(), permitted, means))
    told.push(room.take(answer))
    if (isReading(entry)) await nextTurn()
  }
  return responseReply('transaction', told, preferences.pretty)
}

/** Each write’s reply, made of what its own changes came to. */
function tellWrites(writes: readonly Ready[], written: readonly Written[]): Map<Entry, string> {
  let at = 0
  return new Map(
    writes.map(({ entry, prepared }) => {
      const { changes = [], reply } = prepared.write ?? {}
      const from = at
      at += changes.filter(({ kind }) => kind !== 'expect').length
      return [entry, reply ? responseEntry(entry.request, reply(written.slice(from, at))) : '{}']
    }),
  )
}

/** What is read is on record by itself; what others changed in the meantime may have put it out of reach. */
async function read(entry: Entry, isRoom: boolean, { caller }: Permitted, { steps }: Means): Promise<string> {
  const request = requestOf(entry)
  if (!isRoom) return responseEntry(request, errorReply(new FhirError('noRoom')))
  return responseEntry(request, await steps.answer(request, caller, entry.asked))
}
