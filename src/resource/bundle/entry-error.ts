/** An error of one entry as that of the whole transaction: it names the entry. */
import { FhirError, type Problem } from '../outcomes.ts'

/** The same error, with the number of the entry (from 0) in its expression. */
export function aboutEntry({ error, message, more }: FhirError, index: number): FhirError {
  const place = `Bundle.entry[${index}]`
  const within = (expression: string | undefined) =>
    expression === undefined ? place : expression.replace(/^[A-Z]\w*/, `${place}.resource`)
  const named = ({ text, expression }: Problem): Problem => ({ text, expression: within(expression) })
  return new FhirError(error, {
    ...more,
    text: message,
    expression: within(more.expression),
    ...(more.issues && { issues: more.issues.map(named) }),
  })
}
