/** A forgotten password. */
export const reset = {
  title: 'Forgotten password',
  lead: 'Enter your user name or your e-mail address. If we have an address of yours, we send a link to it.',
  name: 'User name or e-mail address',
  submit: 'Send the link',
  missing: 'Enter your user name or your e-mail address.',
  sent: 'If there is such an account and we have its address, an e-mail is on its way. Its link works for 30 minutes.',
  off: 'This server sends no e-mail. Please ask your administrator for a new password.',
  newTitle: 'New password',
  newLead: (username: string) => `Choose a new password for ${username}. You are signed out everywhere.`,
  newSubmit: 'Set password',
  gone: 'This link has expired, or was used already.',
  again: 'Ask for a new link',
}
