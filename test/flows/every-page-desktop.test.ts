import { test } from 'node:test'
import { assertAccessible } from './fixture/accessible.ts'
import { walks } from './fixture/tour.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()
const DESKTOP = 1280

for (const { name, go, expected } of walks)
  test(`${name}: axe finds nothing in the dark on a desktop`, async () => {
    await world.visit((page) => go(page, assertAccessible), {
      ...(expected && { expected }),
      width: DESKTOP,
      colorScheme: 'dark',
    })
  })
