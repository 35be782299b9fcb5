#!/usr/bin/env node
/** The `chartkey` command. Nothing of ours is loaded before what makes loading quick. */
import './cli/quick-start.js'
import { limitThreads } from './http/threads.ts'

limitThreads()
const { runCommand } = await import('./cli/main.ts')
process.exitCode = await runCommand(process.argv.slice(2))
