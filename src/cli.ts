#!/usr/bin/env node
/** The `chartkey` command. Nothing of ours is loaded before what makes loading quick. */
import './cli/quick-start.js'

const { runCommand } = await import('./cli/main.ts')
process.exitCode = await runCommand(process.argv.slice(2))
