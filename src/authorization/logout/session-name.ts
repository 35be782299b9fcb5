import { hashSecret } from '../secrets.ts'

/** What one app knows a session by (`sid`): no two apps can tell from it that they serve the same session. @see OpenID Connect Back-Channel Logout 1.0 §2.1 */
export function sidOf(sessionId: string, clientId: string): string {
  return hashSecret(`sid\n${sessionId}\n${clientId}`)
}
