import { test } from 'node:test'
import { assertGoodPage, PHONE } from './fixture/accessible.ts'
import { walksOfAccess } from './fixture/tour.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

for (const { name, go, expected } of walksOfAccess)
  test(`${name}: every page fits a phone, and axe finds nothing there or in the dark on a desktop`, async () => {
    await world.visit((page) => go(page, assertGoodPage), { ...(expected && { expected }), width: PHONE })
  })
