// What a request expects of this server: to be told that its body may come, which Node does, and nothing else. RFC 9110 §10.1.1.
import { RequestError } from './request-error.ts'

const MAY_COME = /(?:^|\W)100-continue(?:$|\W)/i

/** Throws where a request expects anything else. */
export function checkExpectation(expected: string | undefined): void {
  if (expected !== undefined && !MAY_COME.test(expected))
    throw new RequestError(417, 'Of the header Expect only 100-continue is understood.')
}
