import { test } from 'node:test'
import { assertAccessible, assertFits } from './fixture/accessible.ts'
import { walks } from './fixture/tour.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()
const PHONE = 360

for (const { name, go, expected } of walks)
  test(`${name}: every page fits a phone, and axe finds nothing`, async () => {
    const look = async (page: Parameters<typeof assertFits>[0], stop: string) => {
      await assertFits(page, stop)
      await assertAccessible(page, stop)
    }
    await world.visit((page) => go(page, look), { ...(expected && { expected }), width: PHONE })
  })
