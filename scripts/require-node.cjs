// Says in one sentence what is wrong when an older Node runs Chartkey. Plain old JavaScript, so that any Node can say it.
'use strict'

var NEEDED = 24
var running = process.versions.node

if (Number(running.split('.')[0]) < NEEDED) {
  console.error(
    'Chartkey needs Node ' +
      NEEDED +
      ' and this is Node ' +
      running +
      ': `npm ci` brings the right one along in the package `node` unless its install script was blocked, so run `npm rebuild node` or install Node ' +
      NEEDED +
      ' yourself.',
  )
  process.exit(2)
}
