import type { Home } from './address.ts'
import { pickHome, pickMobile } from './address.ts'
import type { Day } from './days.ts'
import { dayAtAge } from './days.ts'
import type { Sex } from './growth.ts'
import type { Person } from './life.ts'
import type { Naming } from './names.ts'
import { pickGiven, pickNaming } from './names.ts'
import type { Random } from './random.ts'

/** A seat in a household: an age in years and what the person is to the others. */
export interface Seat {
  readonly age: number
  readonly place: 'grandparent' | 'parent' | 'child'
}

/** People who live together. The parents of each child are the household's persons with the place `parent`. */
export interface Household {
  readonly members: readonly { readonly person: Person; readonly place: Seat['place'] }[]
}

interface Numbering {
  /** A short word before each number, so that two seeds never share an id. */
  readonly prefix: string
  readonly first: number
}

/** A household of at most `room` people. */
export function makeHousehold(random: Random, asOf: Day, numbering: Numbering, room: number): Household {
  const seats = pickSeats(random).slice(0, room)
  const naming = pickNaming(random)
  const home = pickHome(random)
  const family = random.pick(naming.families)
  const taken = new Set<string>()
  let parents = 0
  const members = seats.map((seat, at) => {
    const second = seat.place === 'parent' && parents++ === 1
    const sex: Sex = second ? other(firstParentSex(random)) : pickSex(random, seat)
    // Married people in Taiwan keep their names; elsewhere most share one.
    const own = second && random.chance(naming.language[0] === 'zh-TW' ? 0.95 : 0.25)
    const person = makePerson(random, {
      seat,
      sex,
      naming,
      home,
      taken,
      asOf,
      family: own ? random.pick(naming.families) : family,
    })
    return { place: seat.place, person: { ...person, ...numbered(numbering, at) } }
  })
  return { members }
}

function pickSeats(random: Random): Seat[] {
  const kind = random.next()
  if (kind < 0.2) return [{ place: 'parent', age: random.int(19, 95) }]
  if (kind < 0.3) return elders(random)
  if (kind < 0.4) return couple(random, random.int(24, 64))
  if (kind < 0.48) return withChildren(random, 1)
  if (kind < 0.9) return withChildren(random, 2)
  return [...withChildren(random, 2), { place: 'grandparent', age: random.int(66, 95) }]
}

function couple(random: Random, age: number): Seat[] {
  return [
    { place: 'parent', age },
    { place: 'parent', age: Math.max(20, age + random.int(-5, 4)) },
  ]
}

function elders(random: Random): Seat[] {
  return couple(random, random.int(65, 91))
}

/** Parents first, so that a household cut short loses children before parents. */
function withChildren(random: Random, parents: 1 | 2): Seat[] {
  const eldest = random.int(0, 19)
  const age = eldest + random.int(23, 36)
  const grown: Seat[] =
    parents === 2
      ? [
          { place: 'parent', age },
          { place: 'parent', age: Math.max(eldest + 20, age + random.int(-4, 3)) },
        ]
      : [{ place: 'parent', age }]
  const children: Seat[] = []
  for (let childAge = eldest, left = random.int(1, 3); left > 0 && childAge >= 0; left--) {
    children.push({ place: 'child', age: childAge })
    childAge -= random.int(2, 4)
  }
  return [...grown, ...children]
}

function pickSex(random: Random, seat: Seat): Sex {
  // A household's first parent decides the second, from the same draw.
  return seat.place === 'parent' ? firstParentSex(random) : random.chance(0.5) ? 'female' : 'male'
}

const firstParentSex = (random: Random): Sex => (random.fork('first parent').chance(0.5) ? 'female' : 'male')
const other = (sex: Sex): Sex => (sex === 'female' ? 'male' : 'female')

function numbered(numbering: Numbering, at: number): Pick<Person, 'id' | 'mrn'> {
  const number = String(numbering.first + at).padStart(4, '0')
  return { id: `${numbering.prefix}-${number}`, mrn: `${numbering.prefix.toUpperCase()}${number}` }
}

interface Ingredients {
  readonly seat: Seat
  readonly sex: Sex
  readonly naming: Naming
  readonly home: Home
  readonly taken: Set<string>
  readonly asOf: Day
  readonly family: Person['family']
}

function makePerson(random: Random, from: Ingredients): Omit<Person, 'id' | 'mrn'> {
  const given = pickGiven(random, from.naming[from.sex], from.taken)
  from.taken.add(given[0])
  const birth = dayAtAge(from.asOf, -from.seat.age) - random.int(from.seat.age === 0 ? 20 : 1, 364)
  const diedYoung = from.seat.age < 78 || from.seat.place === 'child'
  const died = !diedYoung && random.chance(0.12) ? from.asOf - random.int(40, 700) : undefined
  return {
    sex: from.sex,
    family: from.family,
    given,
    birth,
    home: from.home,
    language: from.naming.language,
    ...(from.seat.age >= 13 ? { mobile: pickMobile(random) } : {}),
    ...(died === undefined ? {} : { died }),
  }
}
