/** All versions of all resources, as the model keeps them beside the server. */
import type { Dice } from './dice.ts'
import { type Fact, type Kind, kinds, labels, nameOf, shapeOf } from './facts.ts'

/** A resource through its time; a deletion is a version without a fact. */
export interface Story {
  readonly type: Kind
  readonly id: string
  readonly versions: (Fact | undefined)[]
}

export interface Shelf {
  readonly patients: readonly string[]
  readonly stories: readonly Story[]
  story(name: string): Story | undefined
  /** The resource as it is now; nothing for one that was deleted or never was. */
  now(name: string): Fact | undefined
  /** What there is now. */
  current(): Fact[]
  write(fact: Fact): void
  end(name: string): void
  /** A random content for a resource. */
  throwFact(dice: Dice, type: Kind, id: string): Fact
}

/** The last version of a story that has a content. */
export function lastOf({ versions }: Story): Fact | undefined {
  return versions.findLast((fact) => fact !== undefined)
}

const numbers: Readonly<Partial<Record<Kind, number>>> = {
  Patient: 4,
  Practitioner: 2,
  Medication: 3,
  Observation: 18,
}
const usual = 7

/** A shelf with random resources, in an order in which each points to what is there before it. */
export function throwShelf(dice: Dice): Shelf {
  const shelf = createShelf()
  for (const type of ['Practitioner', 'Medication', ...kinds] as const) {
    for (let at = 0; at < (numbers[type] ?? usual); at++) {
      const id = `${type.toLowerCase()}-${at}`
      if (!shelf.story(nameOf({ type, id }))) shelf.write(shelf.throwFact(dice, type, id))
    }
  }
  return shelf
}

function createShelf(): Shelf {
  const stories = new Map<string, Story>()
  let notes = 0
  const now = (name: string) => stories.get(name)?.versions.at(-1)
  const current = () => [...stories.values()].flatMap(({ versions }) => versions.at(-1) ?? [])
  const patients = ['patient-0', 'patient-1', 'patient-2', 'patient-3']
  return {
    patients,
    get stories() {
      return [...stories.values()]
    },
    story: (name) => stories.get(name),
    now,
    current,
    write(fact) {
      const story = stories.get(nameOf(fact)) ?? { type: fact.type, id: fact.id, versions: [] }
      story.versions.push(fact)
      stories.set(nameOf(fact), story)
    },
    end: (name) => void stories.get(name)?.versions.push(undefined),
    throwFact(dice, type, id) {
      const names = (one: Kind) =>
        one === 'Patient'
          ? patients.map((patient) => `Patient/${patient}`)
          : current()
              .filter((fact) => fact.type === one)
              .map(nameOf)
      const { codes, days, links } = throwContent(dice, type, names)
      return { type, id, codes, days, links, note: ++notes }
    },
  }
}

function throwContent(dice: Dice, type: Kind, names: (type: Kind) => readonly string[]) {
  const shape = shapeOf(type)
  const codes: Record<string, readonly string[]> = {}
  for (const [parameter, known] of Object.entries(shape.codes))
    if (!shape.optional.includes(parameter) || !dice.once(4)) codes[parameter] = [dice.pick(known)]
  if (codes.category && dice.once(5)) codes.category = dice.some(shape.codes.category ?? [], 1)
  if (dice.once(3)) codes._security = dice.some(labels, 1)
  const day = `2024-0${1 + dice.below(3)}-${String(10 + dice.below(18))}`
  const days = shape.day === undefined ? {} : { [shape.day]: day }
  return { codes, days, links: throwLinks(dice, type, names) }
}

/** Of references that are not the subject, some are missing. */
function throwLinks(dice: Dice, type: Kind, names: (type: Kind) => readonly string[]) {
  const { links, many } = shapeOf(type)
  const thrown: Record<string, readonly string[]> = {}
  for (const [parameter, types] of Object.entries(links)) {
    const needed = ['subject', 'medication', 'target'].includes(parameter)
    const known = types.flatMap(names)
    if (known.length === 0 || (!needed && dice.once(parameter === 'link' ? 1 : 2) && !dice.once(4))) continue
    const some = [dice.pick(known), ...(many.includes(parameter) && dice.once(2) ? [dice.pick(known)] : [])]
    thrown[parameter] = [...new Set(some)]
  }
  return thrown
}
