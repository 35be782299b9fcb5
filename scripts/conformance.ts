/** `npm run conformance`: takes what is proved by now from the list of what is to come, and writes docs/conformance.md. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readEvidence } from '../test/conformance/evidence.ts'
import { renderPage, unproved } from '../test/conformance/table.ts'

process.chdir(resolve(import.meta.dirname, '..'))
const evidence = readEvidence()
const pending = [...evidence.pending].filter((id) => !evidence.citations.has(id) && !evidence.waived.has(id))
writeFileSync('test/conformance/pending.txt', pending.map((id) => `${id}\n`).join(''))
const now = { ...evidence, pending: new Set(pending) }
writeFileSync('docs/conformance.md', renderPage(now))
const missing = unproved(now)
console.log(`${pending.length} requirements to come, ${missing.length} without a proof ${missing.join(' ')}`)
process.exitCode = missing.length === 0 ? 0 : 1
