/**
 * `node scripts/screenshots.ts [folder] [--locale zh-TW] [--dark]` takes every page of a fresh sandbox at phone and
 * desktop width into a folder, by default `tmp/screenshots`.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { walks } from '../test/flows/fixture/tour.ts'
import { openWorld } from '../test/flows/fixture/world.ts'

const WIDTHS = [390, 1280]

process.chdir(resolve(import.meta.dirname, '..'))
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { locale: { type: 'string', default: 'en-GB' }, dark: { type: 'boolean', default: false } },
})
const folder = positionals[0] ?? 'tmp/screenshots'

const world = await openWorld()
try {
  for (const width of WIDTHS)
    console.log(`${await takeAll(width)} pages at ${width} px are in ${join(folder, `${width}`)}`)
} finally {
  await world.close()
}

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
  for (const { go, expected } of walks)
    await world.visit((page) => go(page, look), { ...visitor, ...(expected && { expected }) })
  return count
}
