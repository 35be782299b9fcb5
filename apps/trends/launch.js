/** The launch page: an EHR or portal opens it with `iss` and `launch`, and it goes on to the authorization server. */

import { LANGUAGE } from './record/language.js'
import { connectLaunch } from './session/connect.js'
import { explain } from './session/trouble.js'
import { show } from './view/element.js'
import { troubleView } from './view/trouble.js'
import { words } from './words/words.js'

const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const heading = /** @type {HTMLElement} */ (document.querySelector('h1'))
document.documentElement.lang = LANGUAGE
heading.textContent = words.status.connecting

const home = () => location.assign('index.html')

const address = new URLSearchParams(location.search)
if (!address.has('iss') || !address.has('launch')) location.replace('index.html')
else {
  try {
    await connectLaunch()
  } catch (error) {
    show(main, troubleView(explain(error instanceof Error ? error.message : String(error)), home))
  }
}
