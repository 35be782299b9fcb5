// Passkeys in the browser: asks the server for a challenge, the authenticator for an answer, and sends the form with it.
// The form works by itself in every other way, and stays out of sight where this script does not run.

/** @type {AbortController | undefined} */
let waiting

/** @param {HTMLFormElement} form @param {RequestInit} [more] */
async function optionsFor(form, more) {
  const body = new URLSearchParams({ purpose: form.dataset.passkey ?? '' })
  body.set('_csrf', /** @type {HTMLInputElement} */ (form.elements.namedItem('_csrf')).value)
  const reply = await fetch('/account/passkey/options', { method: 'POST', body, ...more })
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`)
  return reply.json()
}

/** @param {HTMLFormElement} form @param {Credential | null} credential */
function send(form, credential) {
  if (credential === null) return
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('credential'))
  field.value = JSON.stringify(/** @type {PublicKeyCredential} */ (credential).toJSON())
  form.submit()
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  waiting?.abort()
  waiting = undefined
  const options = await optionsFor(form)
  if (form.dataset.passkey === 'register') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    return send(form, await navigator.credentials.create({ publicKey }))
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return send(form, await navigator.credentials.get({ publicKey }))
}

/**
 * Lets the browser offer passkeys among the names that it fills in.
 * @param {HTMLFormElement} form
 */
async function offerBesideNames(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  waiting = new AbortController()
  const { signal } = waiting
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await optionsFor(form, { signal }))
  send(form, await navigator.credentials.get({ mediation: 'conditional', publicKey, signal }))
}

/** @param {HTMLFormElement} form */
function prepare(form) {
  const problem = form.querySelector('[role=alert]')
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem?.toggleAttribute('hidden', true)
    ask(form).catch(() => problem?.toggleAttribute('hidden', false))
  })
  // Nobody asked for this one: when it does not work, nothing is said.
  if (form.dataset.passkey === 'sign-in') offerBesideNames(form).catch(() => undefined)
}

if (typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function') {
  for (const form of document.querySelectorAll('form[data-passkey]'))
    prepare(/** @type {HTMLFormElement} */ (form))
}
