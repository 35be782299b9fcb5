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
    400: 'The link or form that brought you here is incomplete, wrong or out of date. Go back and try again. If an app sent you here, tell its makers the details below.',
    401: 'Your session may have ended.',
    403: 'Your account does not have the right to this, or the page was open for too long.',
    404: 'Check the address, or begin at the start page.',
    429: 'Wait a moment, then try again.',
    500: 'It is not your fault. If it happens again, give support the reference below.',
    503: 'Wait a moment, then try again.',
  } as Record<number, string>,
  otherHint: 'Go back and try again.',
  /** The public sentences of the code that people are likely to meet; those without an entry are told as they are. */
  texts: {
    'There is nothing at this address.': 'There is nothing at this address.',
    'The server met an unexpected condition.': 'The server met an unexpected condition.',
    'The parameter client_id is missing.': 'The parameter client_id is missing.',
    'The parameter client_id names no app that is registered here.':
      'The parameter client_id names no app that is registered here.',
    'The app that client_id names waits for the approval of an administrator.':
      'The app that client_id names waits for the approval of an administrator.',
    'The parameter redirect_uri is missing.': 'The parameter redirect_uri is missing.',
    'The parameter redirect_uri is not one that this app registered.':
      'The parameter redirect_uri is not one that this app registered.',
    'This request is over or was never made. Start again from the app.':
      'This request is over or was never made. Start again from the app.',
    'This request belongs to another session.': 'This request belongs to another session.',
    'This page is no longer current. Start again from the app.':
      'This page is no longer current. Start again from the app.',
    'The form was not sent from our page, or cookies are off.':
      'The form was not sent from our page, or cookies are off.',
    'That choice is not on offer.': 'That choice is not on offer.',
    'There is no such identity provider.': 'There is no such identity provider.',
  } as Record<string, string>,
  detail: 'Details',
  reference: 'Reference for support',
  home: 'Go to the start page',
}
