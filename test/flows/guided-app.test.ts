/** The app of the guide "Register and launch your own app", as it is written there, launched both ways. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { launchInWindow, openChart } from './fixture/chart.ts'
import { choosePatient, consent, signIn } from './fixture/person.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()
const guide = readFileSync(
  join(import.meta.dirname, '../../docs/guides/register-and-launch-your-app.md'),
  'utf8',
)
const library = createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.min.js')

function block(language: string, at = 0): string {
  return (
    [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))][at]?.[1] ?? assert.fail()
  )
}

let files: Server | undefined
let home = ''
let clientId = ''

after(() => files?.close())

/** Serves the pages and registers the app, once. */
async function setUp(): Promise<void> {
  if (files) return
  const server = createServer((request, reply) => {
    const path = new URL(request.url ?? '', 'http://x').pathname
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
    const body = pages()[path]
    if (path === '/favicon.ico') reply.writeHead(204).end()
    else reply.writeHead(body ? 200 : 404, { 'content-type': type }).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  files = server
  home = `http://localhost:${(server.address() as AddressInfo).port}`
  // The command as it stands there, but for where the app and the server are.
  const [, body = ''] = /-d '([\s\S]*?)'/.exec(block('sh', 1)) ?? []
  const reply = await fetch(`${world.base}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body.replaceAll('http://localhost:3000', home),
  })
  assert.equal(reply.status, 201)
  clientId = String(((await reply.json()) as { client_id: string }).client_id)
}

function pages(): Readonly<Record<string, string>> {
  const launch = block('html')
    .replace('PASTE THE CLIENT ID HERE', clientId)
    .replace('http://localhost:8080', world.base)
  return {
    '/launch.html': launch,
    '/index.html': block('html', 1),
    '/fhir-client.min.js': readFileSync(library, 'utf8'),
  }
}

test('LNCH-01: launched from the chart, it shows the vital signs of that patient', async () => {
  await setUp()
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', { id: 'amara', name: 'Amara Whitfield' })
    const app = await launchInWindow(page, clientId)
    await consent(app, 'allow')
    await app.locator('#list li').first().waitFor()
    assert.equal(await app.locator('#name').textContent(), 'Whitfield')
    assert.match((await app.locator('#list li').first().textContent()) ?? '', /^\d{4}-\d\d-\d\d.* \d/)
  })
})

test('LNCH-10: started by itself, it lets the person choose', async () => {
  await setUp()
  await world.visit(async (page) => {
    await page.goto(`${home}/launch.html`)
    await signIn(page, 'parent.diego')
    await choosePatient(page, 'mateo')
    await consent(page, 'allow')
    await page.locator('#list li').first().waitFor()
    assert.ok((await page.locator('#name').textContent())?.length)
  })
})
