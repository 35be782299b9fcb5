/**
 * `node scripts/screenshots.ts [folder] [--locale zh-TW] [--dark] [--walk errors]` takes every page of a fresh sandbox,
 * or those of one walk, at phone and desktop width into a folder, by default `tmp/screenshots`.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { PHONE } from '../test/flows/fixture/accessible.ts'
import { walkOfProviders } from '../test/flows/fixture/providers-world.ts'
import { walks } from '../test/flows/fixture/tour.ts'
import { openTourWorld } from '../test/flows/fixture/tour-world.ts'

const WIDTHS = [PHONE, 1280]

process.chdir(resolve(import.meta.dirname, '..'))
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    locale: { type: 'string', default: 'en-GB' },
    dark: { type: 'boolean', default: false },
    walk: { type: 'string' },
  },
})
const folder = positionals[0] ?? 'tmp/screenshots'
const only = values.walk

for (const width of WIDTHS)
  console.log(`${await takeAll(width)} pages at ${width} px are in ${join(folder, `${width}`)}`)

async function takeAll(width: number): Promise<number> {
  await mkdir(join(folder, `${width}`), { recursive: true })
  let count = 0
  const look = async (page: Page, name: string) => {
    await page.screenshot({ path: join(folder, `${width}`, `${name}.png`), fullPage: true })
    count += 1
  }
  const visitor = {
    width,
    locale: values.locale,
    colorScheme: values.dark ? ('dark' as const) : ('light' as const),
  }
  const world = await openTourWorld()
  try {
    for (const { go, expected } of walks.filter(({ name }) => only === undefined || name === only))
      await world.visit((page) => go(page, look, world.inbox), { ...visitor, ...(expected && { expected }) })
  } finally {
    await world.close()
  }
  if (only === undefined || only === 'providers') await walkOfProviders(look, visitor)
  return count
}
