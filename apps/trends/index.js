/** The page itself: begin, take up a finished sign-in, show the record, or say what went wrong. */

import { LANGUAGE } from './record/language.js'
import { loadRecord } from './record/load.js'
import { arrivalOf, forget } from './session/arrival.js'
import { connectStandalone, renew } from './session/connect.js'
import { oauth2 } from './session/library.js'
import { explain, explainRefusal } from './session/trouble.js'
import { loadUser } from './session/user.js'
import { accessPanel } from './view/access.js'
import { banner } from './view/banner.js'
import { element, show } from './view/element.js'
import { recordView } from './view/record.js'
import { startView } from './view/start.js'
import { takeOn } from './view/style.js'
import { troubleView } from './view/trouble.js'
import { words } from './words/words.js'

document.documentElement.lang = LANGUAGE

const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const status = /** @type {HTMLElement} */ (document.querySelector('[role=status]'))
const session = /** @type {HTMLElement} */ (document.querySelector('#session'))

/** An ID token does its work when it comes with the code; it may have lapsed when the page is reloaded later. */
const fresh = new URL(location.href).searchParams.has('code')

/** @type {Awaited<ReturnType<typeof loadUser>>} */
let user

await begin()

async function begin() {
  const arrival = arrivalOf(new URL(location.href), sessionStorage)
  if (arrival.kind === 'start') return show(main, startView(connect))
  if (arrival.kind === 'refused') {
    history.replaceState({}, '', location.pathname)
    return showTrouble(explainRefusal(arrival))
  }
  await attempt(async () => showRecord(await oauth2.ready()))
}

/** @param {boolean} withVisit */
function connect(withVisit) {
  return attempt(async () => {
    status.textContent = words.status.going
    await connectStandalone(withVisit)
  })
}

/** Starts over: forgets the connection and shows the beginning. */
function startAgain() {
  forget(sessionStorage)
  location.assign(location.pathname)
}

/** @param {any} client */
async function showRecord(client) {
  status.textContent = words.status.loading
  const record = await loadRecord(client, (count) => {
    status.textContent = words.status.loadingCount(count)
  })
  const patient = record.patient.state === 'loaded' ? record.patient.data : undefined
  user ??= await loadUser(client, patient, fresh ? Date.now() : undefined)
  const context = client.getState('tokenResponse')
  await takeOn(context.smart_style_url)
  show(
    session,
    user && element('span', { class: 'user' }, words.status.signedInAs(user.name || user.reference)),
    refreshButton(client),
  )
  show(main, banner(record, context), recordView(record), accessPanel(client, user, startAgain))
  status.textContent = ''
}

/** @param {any} client */
function refreshButton(client) {
  const refresh = () =>
    attempt(async () => {
      const renewable = Boolean(client.getState('tokenResponse.refresh_token'))
      if (renewable) await renew(client)
      await showRecord(client)
      session.querySelector('button')?.focus()
      status.textContent = renewable ? words.status.renewed : words.status.loadedAgain
    })
  return element(
    'button',
    { type: 'button', id: 'refresh', class: 'quiet', onclick: refresh },
    words.status.refresh,
  )
}

/** @param {() => Promise<unknown>} action */
async function attempt(action) {
  try {
    await action()
  } catch (error) {
    showTrouble(explain(error instanceof Error ? error.message : String(error)))
  }
}

/** @param {import('./session/trouble.js').Trouble} trouble */
function showTrouble(trouble) {
  status.textContent = ''
  show(session)
  show(main, troubleView(trouble, startAgain))
}
