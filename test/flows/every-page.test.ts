import { test } from 'node:test'
import { assertAccessible, assertFits } from './fixture/accessible.ts'
import { walks } from './fixture/tour.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()
const PHONE = 360
const DESKTOP = 1280

for (const { name, go, expected } of walks) {
  const more = expected ? { expected } : {}

  test(`${name}: every page fits a phone, and axe finds nothing`, async () => {
    const look = async (page: Parameters<typeof assertFits>[0], stop: string) => {
      await assertFits(page, stop)
      await assertAccessible(page, stop)
    }
    await world.visit((page) => go(page, look), { ...more, width: PHONE })
  })

  test(`${name}: axe finds nothing in the dark on a desktop either`, async () => {
    await world.visit((page) => go(page, assertAccessible), { ...more, width: DESKTOP, colorScheme: 'dark' })
  })
}
