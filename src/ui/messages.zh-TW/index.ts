/** The words of the pages in Traditional Chinese, by area. */
import type { Messages } from '../messages.en/index.ts'
import { access } from './access.ts'
import { account } from './account.ts'
import { admin } from './admin.ts'
import { connectedApps } from './connectedApps.ts'
import { consent } from './consent.ts'
import { continuation } from './continuation.ts'
import { ehr } from './ehr.ts'
import { emergency } from './emergency.ts'
import { errors } from './errors.ts'
import { flow } from './flow.ts'
import { frame } from './frame.ts'
import { launcher } from './launcher.ts'
import { launches } from './launches.ts'
import { letters } from './letters.ts'
import { logout } from './logout.ts'
import { picker } from './picker.ts'
import { portal } from './portal.ts'
import { providers } from './providers.ts'
import { reasons } from './reasons.ts'
import { release } from './release.ts'
import { reset } from './reset.ts'
import { secondStep } from './secondStep.ts'
import { security } from './security.ts'
import { signIn } from './signIn.ts'

export const traditionalChinese: Messages = {
  access,
  account,
  admin,
  frame,
  connectedApps,
  consent,
  continuation,
  ehr,
  emergency,
  errors,
  flow,
  launcher,
  launches,
  logout,
  letters,
  picker,
  portal,
  providers,
  reasons,
  release,
  reset,
  secondStep,
  security,
  signIn,
}
