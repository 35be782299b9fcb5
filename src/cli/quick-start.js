/**
 * Makes loading quick, and so comes before all else: `npm start` has it before the first file (`--import`), where Node then
 * needs no parser of TypeScript at all. JavaScript, because nothing strips its types in time.
 */
import { enableCompileCache, registerHooks } from 'node:module'

// Types are stripped once, not at every start. What is kept of them is run: it lies with the code, not in a folder for
// temporary files, where anybody on the machine could have put it.
enableCompileCache(`${import.meta.dirname}/../../node_modules/.cache/chartkey`)

// A file of ours is where its import says. Without this each of a thousand imports is looked up on the disk, its links
// are followed, and the package.json is searched for that tells what it is.
registerHooks({
  resolve: (specifier, context, next) =>
    context.parentURL !== undefined && /^\.\.?\/.+\.ts$/.test(specifier)
      ? { url: new URL(specifier, context.parentURL).href, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
