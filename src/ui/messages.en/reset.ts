/** A forgotten password. */
export const reset = {
  title: 'Forgotten password',
  lead: 'Tell us your user name or your e-mail address. If we know an address of yours, we send a link to it.',
  name: 'User name or e-mail address',
  submit: 'Send the link',
  missing: 'Enter your user name or your e-mail address.',
  sent: 'If there is such an account and we know its address, a letter is on its way. Its link works for 30 minutes.',
  off: 'This server sends no mail. Please ask your administrator for a new password.',
  newTitle: 'New password',
  newLead: (username: string) => `Choose a new password for ${username}. You are signed out everywhere.`,
  newSubmit: 'Set password',
  gone: 'This link does not work, or not any more.',
  again: 'Ask for another',
}
