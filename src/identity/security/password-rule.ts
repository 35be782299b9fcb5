/**
 * What a password may be: long, not the name, and nothing that everybody tries first. No rules on kinds of characters.
 * @see NIST SP 800-63B §5.1.1.2; OWASP ASVS 4.0, 2.1.1 and 2.1.7
 */

/** Characters outside the sandbox, and in it. */
const SHORTEST = 12
const SHORTEST_IN_SANDBOX = 6
const LONGEST = 1024
/** What must be left of a password when the user name is taken out of it. */
const BESIDE_NAME = 6
const REPEATED = /^(.{1,6})\1+.{0,3}$/su
const ROWS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm']
const DENIED = new Set(
  `administrator administrator1 changemechangeme changemenow123 chartkeychartkey correcthorsebatterystaple
  hospital1234 hospitalhospital iloveyou1234 letmein12345 letmeinletmein mynameismyname nopasswordset password1234
  password12345 password123456 passw0rd1234 p@ssw0rd1234 qwerty123456 qwertyuiop12 qwertyuiop123 thisismypassword
  welcome12345 welcomewelcome 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 trustno1trustno1 sunshine1234 monkey123456
  doctor123456 nurse1234567 patient12345`.split(/\s+/),
)

/** What is wrong with a password. */
export type PasswordFault = 'short' | 'long' | 'name' | 'common'

/** The fewest characters of a password. */
export function shortestPassword(isSandbox: boolean): number {
  return isSandbox ? SHORTEST_IN_SANDBOX : SHORTEST
}

/** Nothing when the password may be used. */
export function passwordFault(
  password: string,
  { username, isSandbox }: { readonly username: string; readonly isSandbox: boolean },
): PasswordFault | undefined {
  const plain = password.normalize('NFKC')
  const folded = plain.toLowerCase()
  if ([...plain].length < shortestPassword(isSandbox)) return 'short'
  if (password.length > LONGEST) return 'long'
  if (isName(folded, username)) return 'name'
  return DENIED.has(folded) || REPEATED.test(folded) || ROWS.some((row) => row.includes(folded))
    ? 'common'
    : undefined
}

function isName(password: string, username: string): boolean {
  if (password === username) return true
  return (
    username.length >= 3 &&
    password.replaceAll(username, '').length < BESIDE_NAME &&
    password.includes(username)
  )
}
