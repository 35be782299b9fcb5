/** The page of connected apps. */
export const connectedApps = {
  title: 'Connected apps',
  lead: 'These apps have the access that you allowed. You can end it at any time; it stops at once.',
  none: 'No app has access.',
  noneHint: 'When you allow an app to see health data, it is listed here.',
  noRecord: 'No particular record',
  since: (moment: string) => `Allowed ${moment}.`,
  used: (moment: string) => `Last used ${moment}.`,
  unused: 'Not used yet.',
  kept: 'Also has access while you are away',
  noAccess: 'It has no access at present.',
  remembered: (moment: string) =>
    `Until ${moment} it gets what you allowed again without asking you. Ending its access ends this too.`,
  revoke: (app: string) => `End access of ${app}`,
  revoked: 'The access has ended.',
}
