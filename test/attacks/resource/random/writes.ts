/** Random writes. What the server stores is stored on the shelf too, so that both go on from the same. */
import assert from 'node:assert/strict'
import type { Answered, Asked } from './asked.ts'
import { throwKind, throwStory } from './choice.ts'
import { type Fact, type Kind, kinds, nameOf, shapeOf } from './facts.ts'
import { hasLetter, hasWhole, mayHave, mayWrite } from './model.ts'
import { deepest, type Searcher, throwQuestion } from './questions.ts'
import { matchesOf } from './searches.ts'
import { lastOf } from './shelf.ts'
import { resourceOf } from './write-down.ts'

/** Patients stay, so that there is somebody to ask about. */
const mortal = kinds.filter((kind) => kind !== 'Patient')

export function assertRefused({ status, body }: Answered): void {
  assert.ok([403, 404, 410].includes(status), `${status} ${JSON.stringify(body)}`)
}

/** Whether an update of what is there now to `next` is taken. */
export function isTaken(next: Fact, { shelf, setting }: Searcher): boolean {
  const now = shelf.now(nameOf(next))
  if (now === undefined) return hasWhole(next.type, 'u', setting) && mayWrite(next, undefined, 'u', setting)
  return mayWrite(next, now, 'u', setting)
}

/** Half of what is written is like what is there, and so in reach more often. */
function throwNext(searcher: Searcher, type: Kind, id: string): Fact {
  const { dice, shelf } = searcher
  const fresh = shelf.throwFact(dice, type, id)
  const now = shelf.now(nameOf({ type, id }))
  if (now === undefined || dice.once(2)) return fresh
  const parameter = dice.pick(Object.keys({ ...shapeOf(type).codes, _security: [] }))
  const codes = { ...now.codes, [parameter]: fresh.codes[parameter] ?? [] }
  return { ...now, note: fresh.note, ...(codes[parameter]?.length !== 0 && { codes }) }
}

/** What an update comes to: the labels that were there last stay. */
function kept(sent: Fact, { shelf }: Searcher): Fact {
  const story = shelf.story(nameOf(sent))
  const before = story && lastOf(story)?.codes._security
  if (!before) return sent
  return { ...sent, codes: { ...sent.codes, _security: union(before, sent.codes._security ?? []) } }
}

const union = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])]

/** A resource, mostly one that there is, and what it is to become; what was sent and what that comes to. */
export function throwChange(searcher: Searcher) {
  const { dice } = searcher
  const { type, id } = dice.once(8)
    ? { type: dice.pick(kinds), id: `new-${dice.below(1_000_000)}` }
    : throwStory(searcher, 'u')
  const sent = throwNext(searcher, type, id)
  return { type, id, sent, next: kept(sent, searcher) }
}

export function throwUpdate(searcher: Searcher): Asked {
  const { shelf } = searcher
  const { type, id, sent, next } = throwChange(searcher)
  return {
    target: `${type}/${id}`,
    ask: { method: 'PUT', body: resourceOf(sent) },
    compare(answered) {
      const taken = isTaken(next, searcher)
      if (taken) assert.ok(answered.status === 200 || answered.status === 201, JSON.stringify(answered.body))
      else assertRefused(answered)
      if (taken) shelf.write(next)
      return 1
    },
  }
}

/** One code is replaced, whatever else is there. */
export function throwPatch(searcher: Searcher): Asked {
  const { dice, shelf } = searcher
  const type = dice.pick([
    'Observation',
    'Encounter',
    'DiagnosticReport',
    'MedicationRequest',
    'Device',
  ] as const)
  const { id } = throwStory(searcher, 'u', [type])
  const note = 1_000_000 + dice.below(1_000_000_000)
  const status = dice.pick(shapeOf(type).codes.status ?? [])
  const to = dice.once(2) && type !== 'Device' ? `Patient/${dice.pick(shelf.patients)}` : undefined
  const steps = [
    { op: 'replace', path: '/extension/0/valueInteger', value: note },
    { op: 'replace', path: '/status', value: status },
    ...(to === undefined ? [] : [{ op: 'add', path: '/subject', value: { reference: to } }]),
  ]
  return {
    target: `${type}/${id}`,
    ask: { method: 'PATCH', body: JSON.stringify(steps), contentType: 'application/json-patch+json' },
    compare(answered) {
      const now = shelf.now(nameOf({ type, id }))
      const next = now && {
        ...now,
        note,
        codes: { ...now.codes, status: [status] },
        links: to === undefined ? now.links : { ...now.links, subject: [to] },
      }
      const taken = next !== undefined && isTaken(next, searcher)
      if (taken) assert.equal(answered.status, 200, JSON.stringify(answered.body))
      else assertRefused(answered)
      if (taken) shelf.write(next)
      return 1
    },
  }
}

export function throwDelete(searcher: Searcher): Asked {
  const { shelf, setting } = searcher
  const story = throwStory(searcher, 'd', mortal)
  return {
    target: nameOf(story),
    ask: { method: 'DELETE' },
    compare(answered) {
      const last = lastOf(story)
      const taken = last !== undefined && mayHave(last, 'd', setting)
      if (taken) assert.equal(answered.status, 204)
      else assertRefused(answered)
      if (taken && shelf.now(nameOf(story))) shelf.end(nameOf(story))
      return 1
    },
  }
}

/** What a condition may find decides: none, one, or too many. A condition has no chains. */
export function throwConditionalDelete(searcher: Searcher): Asked {
  const { shelf, setting } = searcher
  const type = throwKind(searcher, ['d', 's'], mortal)
  const question = throwQuestion(type, searcher, deepest)
  return {
    target: `${type}?${question.text}`,
    ask: { method: 'DELETE' },
    compare(answered) {
      const [match, another] = matchesOf(type, [question], searcher)
      const asks = hasLetter(type, 'd', setting) && hasLetter(type, 's', setting)
      assert.equal(answered.status === 412, asks && another !== undefined)
      if (!asks || another) return 1
      const taken = match !== undefined && mayHave(match, 'd', setting)
      if (match && !taken) assertRefused(answered)
      else assert.equal(answered.status, 204)
      if (taken) shelf.end(nameOf(match))
      return 1
    },
  }
}

/** A create that finds a match gives that; one that finds none stores the body, if it may. */
export function throwConditionalCreate(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const type = throwKind(searcher, ['c', 's'], mortal)
  const question = throwQuestion(type, searcher, deepest)
  const next = shelf.throwFact(dice, type, '')
  const { id: _, ...body } = resourceOf(next)
  return {
    target: type,
    ask: { method: 'POST', body, headers: { 'if-none-exist': question.text } },
    compare(answered) {
      const [match, another] = matchesOf(type, [question], searcher)
      const asks = hasLetter(type, 'c', setting) && hasLetter(type, 's', setting)
      assert.equal(answered.status === 412, asks && another !== undefined)
      assert.equal(answered.status === 200, asks && match !== undefined && !another)
      if (answered.status === 200) assert.equal(answered.body?.id, match?.id)
      const taken = asks && match === undefined && mayWrite(next, undefined, 'c', setting)
      assert.equal(answered.status === 201, taken, JSON.stringify(answered.body))
      if (taken) shelf.write({ ...next, id: answered.body?.id ?? '' })
      return 1
    },
  }
}

export function throwCreate(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const type = throwKind(searcher, ['c'], mortal)
  const next = shelf.throwFact(dice, type, '')
  const { id: _, ...body } = resourceOf(next)
  return {
    target: type,
    ask: { method: 'POST', body },
    compare(answered) {
      const taken = mayWrite(next, undefined, 'c', setting)
      if (taken) assert.equal(answered.status, 201, JSON.stringify(answered.body))
      else assertRefused(answered)
      if (taken) shelf.write({ ...next, id: answered.body?.id ?? '' })
      return 1
    },
  }
}

/** Replaces what the condition may find; where it finds nothing, that is a create. */
export function throwConditionalUpdate(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const type = throwKind(searcher, ['u', 's'], mortal)
  const question = throwQuestion(type, searcher, deepest)
  const sent = shelf.throwFact(dice, type, '')
  const { id: _, ...body } = resourceOf(sent)
  return {
    target: `${type}?${question.text}`,
    ask: { method: 'PUT', body },
    compare(answered) {
      const [match, another] = matchesOf(type, [question], searcher)
      const asks = hasLetter(type, 'u', setting) && hasLetter(type, 's', setting)
      assert.equal(answered.status === 412, asks && another !== undefined)
      if (answered.status === 412) return 1
      const next = match ? kept({ ...sent, id: match.id }, searcher) : sent
      const taken = asks && (match ? isTaken(next, searcher) : mayWrite(sent, undefined, 'c', setting))
      if (taken) assert.equal(answered.status, match ? 200 : 201, JSON.stringify(answered.body))
      else assertRefused(answered)
      if (taken) shelf.write(match ? next : { ...sent, id: answered.body?.id ?? '' })
      return 1
    },
  }
}
