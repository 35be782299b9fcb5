/** The second step of signing in, and setting it up. */
export const secondStep = {
  title: 'One more step',
  codeLead: 'Enter the code that your authenticator app shows now.',
  code: 'Code of six digits',
  submit: 'Continue',
  passkeyLead: 'Confirm with your passkey that it is you.',
  passkey: 'Use a passkey',
  passkeyFailed: 'That passkey did not work. Try again, or use another way.',
  recoveryTitle: 'Use a recovery code instead',
  recovery: 'Recovery code',
  recoveryHint: 'One of the codes that you kept when you turned this on. Each works once.',
  wrong: 'This code does not fit, or was used already. Enter the one that is shown now.',
  startAgain: 'Start again with another account',
  setUpTitle: 'Set up an authenticator app',
  setUpLead:
    'Scan this picture with an authenticator app. From then on you are asked for its code when you sign in.',
  setUpForced:
    'A second step is needed here beside your password. Scan this picture with an authenticator app on your phone.',
  qrLabel: 'QR code for the authenticator app',
  byHand: 'Or type this key into the app:',
  firstCode: 'The code that the app shows now',
  turnOn: 'Turn on',
  recoveryCodesTitle: 'Your recovery codes',
  recoveryCodesLead:
    'Print these codes or keep them where only you find them. Each lets you in once if you lose your phone. They are not shown again.',
}
