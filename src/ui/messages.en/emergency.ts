/** Words about breaking the glass. */
export const emergency = {
  title: 'Restricted information',
  general:
    'Policy keeps some kinds of information from some readers. This note stands in every chart: it does not say that this one has any.',
  how: (minutes: number) =>
    `In an emergency you can break the glass: for ${minutes} minutes you, and the apps that you open, see what policy gives in an emergency. It is put on record with your reason, listed in the chart, and reviewed.`,
  reason: 'Reason',
  reasonHint: 'Why this patient’s care needs it now. It goes on record.',
  button: 'Break the glass',
  openUntil: (time: string) => `You have broken the glass for this patient, until ${time}.`,
  listTitle: 'Emergency access to this chart',
  listed: (name: string, from: string, to: string) => `${name}, ${from} to ${to}`,
  refused: 'Emergency access was not opened',
  forged: 'The form was too old, or came from another place. Go back, reload the page and try again.',
  noReason: (least: number, most: number) => `Give a reason, of ${least} to ${most} characters.`,
  notOffered: 'Policy does not give you emergency access.',
  back: 'Back to the chart',
}
