/** Signing in at another organisation. */
export const providers = {
  or: 'or',
  signInAt: (name: string) => `Sign in with ${name}`,
  problems: {
    lost: {
      title: 'Please start again',
      text: 'This sign-in was not started in this browser, took too long, or has been finished already.',
    },
    denied: {
      title: 'You were not signed in',
      text: 'The sign-in was cancelled, or your organisation did not allow it.',
    },
    down: {
      title: 'Your organisation does not answer',
      text: 'The sign-in service of your organisation cannot be reached at the moment. Try again in a few minutes, or sign in another way. If it lasts, tell the help desk of your organisation.',
    },
    unverified: {
      title: 'This sign-in cannot be trusted',
      text: 'The answer of your organisation’s sign-in service did not stand up to checking, so you were not signed in. Try again. If it happens again, give support the reference below.',
    },
    'not-admitted': {
      title: 'You cannot sign in this way',
      text: 'Your organisation has not given you a role that may use this sign-in. Sign in another way, or ask its help desk.',
    },
    disabled: {
      title: 'This account is disabled',
      text: 'An administrator has disabled your account here. Ask them if you think it is a mistake.',
    },
    unknown: {
      title: 'There is no account for you here',
      text: 'You have signed in at your organisation, but nobody has made you known here yet. If you have an account here, sign in to it and connect the two on your account page; else ask an administrator.',
    },
    ambiguous: {
      title: 'It is not clear who you are',
      text: 'Several records fit what your organisation says about you. So that nobody sees another person’s record, you were not signed in. Ask an administrator to put this right.',
    },
    'has-account': {
      title: 'You have an account here already',
      text: 'Your record belongs to an account of this server. Sign in to that account and connect your organisation’s sign-in on your account page.',
    },
    'linked-elsewhere': {
      title: 'This is connected already',
      text: 'Either this sign-in is connected to another account here, or your account to another sign-in of the same organisation. Disconnect that first.',
    },
  },
  reference: 'Reference for support',
  again: 'Try again',
  otherWays: 'Other ways to sign in',
  toOwnPage: 'Back to connected sign-ins',
  own: {
    title: 'Connected sign-ins',
    lead: 'You can sign in here with your account at another organisation, once you have connected the two.',
    accountLead: 'Sign in with your account at another organisation.',
    connect: 'Connect',
    disconnect: 'Disconnect',
    connectedAs: 'Connected as',
    since: 'Since',
    none: 'Not connected',
    linked: 'Connected. You can sign in either way from now on.',
    unlinked: 'No longer connected.',
    lastWay: 'This is the only way you can sign in, so it cannot be disconnected.',
    expired: 'This page was open for too long. Please try again.',
  },
  confirm: {
    title: (name: string) => `Connect ${name}`,
    lead: (name: string) =>
      `You go to ${name} now and sign in there. Whoever can sign in with that account there can then sign in to your account here.`,
    go: (name: string) => `Continue to ${name}`,
    stay: 'Cancel',
  },
  activate: {
    title: 'Enter your activation code',
    lead: (name: string, label: string) =>
      `You have signed in with ${name} as ${label}. To connect that with your health record, enter the activation code that you were given here.`,
    noMatch: 'No health record was found that is certainly yours.',
    code: 'Activation code',
    codeHint: 'Sixteen letters and digits, such as K7QF-2M9X-4TBD-W8HN',
    birthDate: 'Your date of birth',
    submit: 'Connect',
    wrong:
      'Code and date of birth do not match, or the code has expired. Check both. After five wrong dates a code stops working: then ask for a new one.',
    missing: 'Enter the code and your date of birth.',
    slowDown: (seconds: number) =>
      `Too many attempts. Wait ${seconds === 1 ? '1 second' : `${seconds} seconds`}, then try again.`,
    expired: 'This page was open for too long. Please try again.',
    changed: 'Somebody else has signed in with this browser meanwhile. Go on only if this is you.',
    leave: 'Cancel',
  },
  signedOut: {
    lead: (name: string) =>
      `You are still signed in at ${name}. On a computer that others use too, sign out there as well.`,
    submit: (name: string) => `Sign out at ${name}`,
  },
}
