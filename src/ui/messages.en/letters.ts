/** Letters to people, as plain text. */
export const letters = {
  resetSubject: 'Your new password at Chartkey',
  reset: (name: string, username: string, link: string, minutes: number) => `Hello ${name},

somebody asked for a new password for your account “${username}”. If it was you, open this link within ${minutes} minutes:

${link}

If it was not you, there is nothing to do: your password stays as it is.
`,
  addressSubject: 'Is this your address?',
  address: (name: string, username: string, link: string, minutes: number) => `Hello ${name},

this address was entered for the account “${username}”. If it was you, open this link within ${minutes} minutes, signed in:

${link}

If it was not you, there is nothing to do.
`,
  noticeSubject: 'A change to your account',
  notice: (name: string, username: string, change: string, moment: string, page: string) => `Hello ${name},

${change}

Account: ${username}
When: ${moment}

If it was you, there is nothing to do. If not, change your password at once and tell your administrator:

${page}
`,
  changes: {
    'password-changed': 'Your password was changed.',
    'password-reset': 'Your password was set anew by a link that we sent you.',
    'second-factor-added': 'An authenticator app was set up for your account.',
    'second-factor-removed': 'The authenticator app of your account was turned off.',
    'recovery-codes-made': 'New recovery codes were made for your account.',
    'recovery-code-used': 'A recovery code was used to sign in to your account.',
    'passkey-added': 'A passkey was added to your account.',
    'passkey-removed': 'A passkey was removed from your account.',
    'email-changed': 'The e-mail address of your account was changed.',
    'identity-linked': 'A sign-in at another organisation was connected with your account.',
    'identity-unlinked': 'A sign-in at another organisation was disconnected from your account.',
    'session-ended': 'A session of your account was ended.',
  },
}
