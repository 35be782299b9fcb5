import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertGoodPage, PHONE } from './fixture/accessible.ts'
import { walksOfAccess } from './fixture/tour.ts'
import { openTourWorld, type TourWorld } from './fixture/tour-world.ts'

let world: TourWorld | undefined
before(async () => {
  world = await openTourWorld()
})
after(async () => world?.close())

for (const { name, go, expected } of walksOfAccess)
  test(`${name}: every page fits a phone, and axe finds nothing there or in the dark on a desktop`, async () => {
    assert.ok(world)
    const { inbox } = world
    await world.visit((page) => go(page, assertGoodPage, inbox), {
      ...(expected && { expected }),
      width: PHONE,
    })
  })
