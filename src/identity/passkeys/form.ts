/** The form of a passkey: out of sight until the script that can fill it in runs. */
import { type Html, html } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { type ButtonKind, button, field } from '../../ui/parts.ts'
import { SECOND_STEP } from '../start-session.ts'

/** The script's address. */
export const PASSKEY_SCRIPT = '/account/passkey.js'
/** Where a challenge is asked for. */
export const PASSKEY_OPTIONS = '/account/passkey/options'
/** Where a passkey signs in. */
export const PASSKEY_SIGN_IN = '/account/passkey/sign-in'
/** Where passkeys are added. */
export const PASSKEYS = '/account/security/passkeys'

/** What a passkey is asked for. */
export type PasskeyPurpose = 'sign-in' | 'second-step' | 'register'

const ACTIONS: Readonly<Record<PasskeyPurpose, string>> = {
  'sign-in': PASSKEY_SIGN_IN,
  'second-step': SECOND_STEP,
  register: PASSKEYS,
}

export function passkeyForm(parts: {
  readonly locale: Locale
  readonly csrf: Html
  readonly purpose: PasskeyPurpose
  readonly label: string
  readonly kind?: ButtonKind
  /** Hidden fields besides. */
  readonly more?: Html
}): Html {
  const { locale, csrf, purpose, label, kind = 'secondary', more } = parts
  const { security: words } = messages(locale)
  return html`<form method="post" action="${ACTIONS[purpose]}" class="passkey" data-passkey="${purpose}" hidden>${csrf}${more}
<input type="hidden" name="credential" value="">
${purpose === 'register' && field({ name: 'name', label: words.passkeyName, hint: words.passkeyNameHint, autocomplete: 'off' })}
<p class="field-error" role="alert" hidden>${words.passkeyStopped}</p>
${button(label, { kind, wide: purpose !== 'register' })}</form>`
}
