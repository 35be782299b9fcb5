/** Pages that tell of a failure. */
export const errors = {
  titles: {
    400: 'This request cannot be understood',
    401: 'Please sign in first',
    403: 'You may not do this',
    404: 'This page does not exist',
    405: 'This address does not work that way',
    409: 'This has changed meanwhile',
    410: 'This page is no longer there',
    413: 'That was too large',
    429: 'Too many requests',
    500: 'Something went wrong here',
    503: 'The server is busy',
  } as Record<number, string>,
  otherTitle: 'This did not work',
  hints: {
    400: 'The link or form that brought you here is incomplete or out of date. Go back and try again.',
    401: 'Your session may have ended.',
    403: 'Your account does not have the right to this, or the page was open for too long.',
    404: 'Check the address, or begin at the start page.',
    429: 'Wait a moment, then try again.',
    500: 'It is not your fault. If it happens again, give support the reference below.',
    503: 'Wait a moment, then try again.',
  } as Record<number, string>,
  otherHint: 'Go back and try again.',
  /** The public sentences of the code, which are English, in the words of the language; here as they are. */
  texts: {} as Record<string, string>,
  detail: 'Details',
  reference: 'Reference for support',
  home: 'Go to the start page',
}
