/** On the way back to an app. */
export const continuation = {
  title: 'Back to the app',
  lead: 'Your answer goes back to the app. If nothing happens, press Continue.',
}
