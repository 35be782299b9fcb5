/** What a running authorization comes to where the app is not answered. */
export const flow = {
  answered: {
    title: 'You have already answered',
    lead: (app: string) => `Your answer to ${app} counts once. Go back to ${app}, or start again from there.`,
    revocable: 'What you allowed is on the page of connected apps, where you can end it.',
    back: (app: string) => `Back to ${app}`,
  },
  /** Failures, by the names that the code has for them. */
  problems: {
    flowUnknown: {
      title: 'This request is over',
      hint: 'An app’s request is open for some minutes only, and is answered once. Go back to the app and start again from there.',
    },
    flowForeign: {
      title: 'This request belongs to another sign-in',
      hint: 'It was begun in another browser, or by somebody else. Go back to the app and start again from there, in this browser.',
    },
    flowMove: {
      title: 'This page is no longer current',
      hint: 'The request went on in another window. Go on there, or start again from the app.',
    },
  } as Readonly<Record<string, { readonly title: string; readonly hint: string }>>,
}
