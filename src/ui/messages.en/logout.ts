/** An app asks to sign its user out. */
export const logout = {
  title: 'Sign out?',
  lead: (name: string) => `You are signed in as ${name}.`,
  leadForApp: (app: string, name: string) => `${app} asks to sign you out. You are signed in as ${name}.`,
  submit: 'Sign out',
  stay: 'Stay signed in',
  back: (app: string) => `Back to ${app}`,
}
