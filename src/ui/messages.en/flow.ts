/** What a running authorization comes to where the app is not answered. */
export const flow = {
  answered: {
    title: 'You have already answered',
    lead: (app: string) => `Your answer to ${app} counts once. Go back to ${app}, or start again from there.`,
    revocable: 'What you allowed is on the page of connected apps, where you can end it.',
    back: (app: string) => `Back to ${app}`,
  },
}
