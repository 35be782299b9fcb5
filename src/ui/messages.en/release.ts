/** Words about releasing results to patients. */
export const release = {
  title: 'Waiting for release to the patient',
  explanation: 'The patient does not see these until the person who ordered them has released them.',
  button: 'Release to the patient',
  orderedBy: (name: string) => `Waits for ${name}`,
  ordererUnknown: 'Its orderer is not recorded',
  results: (count: number) => (count === 1 ? '1 result' : `${count} results`),
  refused: 'Nothing was released',
  reasons: {
    forged: 'The form was too old, or came from another place. Go back, reload the page and try again.',
    absent: 'There is no such result in this chart, or it does not wait for release.',
    'not-yours': 'Only the person who ordered a result releases it.',
    changed:
      'It was changed meanwhile, or you may not change it. What was released before that stays released. Reload the chart and try again.',
  },
  back: 'Back to the results',
}
