#!/usr/bin/env node
/** The `chartkey` command. Nothing of ours is loaded before the compile cache is on. */
import { enableCompileCache } from 'node:module'

// Types are stripped once, not at every start.
enableCompileCache()

const { runCommand } = await import('./cli/main.ts')
process.exitCode = await runCommand(process.argv.slice(2))
