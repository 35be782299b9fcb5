/** All the words of the pages, by language and area. */

import type { Locale } from './locale.ts'
import { access as accessEn } from './messages.en/access.ts'
import { account as accountEn } from './messages.en/account.ts'
import { admin as adminEn } from './messages.en/admin.ts'
import { connectedApps as connectedAppsEn } from './messages.en/connectedApps.ts'
import { consent as consentEn } from './messages.en/consent.ts'
import { continuation as continuationEn } from './messages.en/continuation.ts'
import { ehr as ehrEn } from './messages.en/ehr.ts'
import { emergency as emergencyEn } from './messages.en/emergency.ts'
import { errors as errorsEn } from './messages.en/errors.ts'
import { frame as frameEn } from './messages.en/frame.ts'
import { launcher as launcherEn } from './messages.en/launcher.ts'
import { launches as launchesEn } from './messages.en/launches.ts'
import { letters as lettersEn } from './messages.en/letters.ts'
import { logout as logoutEn } from './messages.en/logout.ts'
import { picker as pickerEn } from './messages.en/picker.ts'
import { portal as portalEn } from './messages.en/portal.ts'
import { providers as providersEn } from './messages.en/providers.ts'
import { reasons as reasonsEn } from './messages.en/reasons.ts'
import { release as releaseEn } from './messages.en/release.ts'
import { reset as resetEn } from './messages.en/reset.ts'
import { secondStep as secondStepEn } from './messages.en/secondStep.ts'
import { security as securityEn } from './messages.en/security.ts'
import { signIn as signInEn } from './messages.en/signIn.ts'
import { access as accessZhTw } from './messages.zh-TW/access.ts'
import { account as accountZhTw } from './messages.zh-TW/account.ts'
import { admin as adminZhTw } from './messages.zh-TW/admin.ts'
import { connectedApps as connectedAppsZhTw } from './messages.zh-TW/connectedApps.ts'
import { consent as consentZhTw } from './messages.zh-TW/consent.ts'
import { continuation as continuationZhTw } from './messages.zh-TW/continuation.ts'
import { ehr as ehrZhTw } from './messages.zh-TW/ehr.ts'
import { emergency as emergencyZhTw } from './messages.zh-TW/emergency.ts'
import { errors as errorsZhTw } from './messages.zh-TW/errors.ts'
import { frame as frameZhTw } from './messages.zh-TW/frame.ts'
import { launcher as launcherZhTw } from './messages.zh-TW/launcher.ts'
import { launches as launchesZhTw } from './messages.zh-TW/launches.ts'
import { letters as lettersZhTw } from './messages.zh-TW/letters.ts'
import { logout as logoutZhTw } from './messages.zh-TW/logout.ts'
import { picker as pickerZhTw } from './messages.zh-TW/picker.ts'
import { portal as portalZhTw } from './messages.zh-TW/portal.ts'
import { providers as providersZhTw } from './messages.zh-TW/providers.ts'
import { reasons as reasonsZhTw } from './messages.zh-TW/reasons.ts'
import { release as releaseZhTw } from './messages.zh-TW/release.ts'
import { reset as resetZhTw } from './messages.zh-TW/reset.ts'
import { secondStep as secondStepZhTw } from './messages.zh-TW/secondStep.ts'
import { security as securityZhTw } from './messages.zh-TW/security.ts'
import { signIn as signInZhTw } from './messages.zh-TW/signIn.ts'

const english = {
  access: accessEn,
  account: accountEn,
  admin: adminEn,
  frame: frameEn,
  connectedApps: connectedAppsEn,
  consent: consentEn,
  continuation: continuationEn,
  ehr: ehrEn,
  emergency: emergencyEn,
  errors: errorsEn,
  launcher: launcherEn,
  launches: launchesEn,
  logout: logoutEn,
  letters: lettersEn,
  picker: pickerEn,
  portal: portalEn,
  providers: providersEn,
  reasons: reasonsEn,
  release: releaseEn,
  reset: resetEn,
  secondStep: secondStepEn,
  security: securityEn,
  signIn: signInEn,
}

/** The words of one language; each area is one object. */
export type Messages = typeof english

const traditionalChinese: Messages = {
  access: accessZhTw,
  account: accountZhTw,
  admin: adminZhTw,
  frame: frameZhTw,
  connectedApps: connectedAppsZhTw,
  consent: consentZhTw,
  continuation: continuationZhTw,
  ehr: ehrZhTw,
  emergency: emergencyZhTw,
  errors: errorsZhTw,
  launcher: launcherZhTw,
  launches: launchesZhTw,
  logout: logoutZhTw,
  letters: lettersZhTw,
  picker: pickerZhTw,
  portal: portalZhTw,
  providers: providersZhTw,
  reasons: reasonsZhTw,
  release: releaseZhTw,
  reset: resetZhTw,
  secondStep: secondStepZhTw,
  security: securityZhTw,
  signIn: signInZhTw,
}

const byLocale: Readonly<Record<Locale, Messages>> = { en: english, 'zh-TW': traditionalChinese }

/** The words of `locale`. */
export function messages(locale: Locale): Messages {
  return byLocale[locale]
}
