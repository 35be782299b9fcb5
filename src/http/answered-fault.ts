import type { HttpReply } from './route.ts'

/** A fault of ours, in `cause`, that has an answer of its own: it is logged like any other, and answered with that. */
export class AnsweredFault extends Error {
  readonly reply: HttpReply

  constructor(cause: unknown, reply: HttpReply) {
    super('a fault that has an answer', { cause })
    this.name = 'AnsweredFault'
    this.reply = reply
  }
}
