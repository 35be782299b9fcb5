/** The second step of signing in, and setting it up. */
export const secondStep = {
  title: 'One more step',
  codeLead: 'Enter the code that your authenticator app shows now.',
  code: 'Six-digit code',
  submit: 'Continue',
  passkeyLead: 'Confirm with your passkey that it is you.',
  passkey: 'Use a passkey',
  passkeyFailed: 'That passkey did not work. Try again, or use another way.',
  recoveryTitle: 'Use a recovery code instead',
  recovery: 'Recovery code',
  recoveryHint: 'One of the codes that you kept when you turned this on. Each works once.',
  wrong: 'This code is wrong, or was used already. Enter the one that is shown now.',
  wrongRecovery: 'This recovery code is wrong, or was used already.',
  startAgain: 'Start again with another account',
  setUpTitle: 'Set up an authenticator app',
  setUpLead:
    'Scan this picture with an authenticator app. From then on you are asked for its code when you sign in.',
  setUpForced:
    'Here your password alone is not enough. Scan this picture with an authenticator app on your phone to set up a second step.',
  qrLabel: 'QR code for the authenticator app',
  byHand: 'Or type this key into the app:',
  firstCode: 'The code that the app shows now',
  turnOn: 'Turn on',
  recoveryCodesTitle: 'Your recovery codes',
  recoveryCodesLead:
    'Print these codes, or keep them where only you find them. If you lose your phone, each lets you in once. They are not shown again.',
}
