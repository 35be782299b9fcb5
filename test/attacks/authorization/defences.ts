/** A whole sandbox that is attacked from outside: what a browser with its cookies could be made to send. */
import { after, before } from 'node:test'
import type { InjectedReply, InjectedRequest } from '../../../src/http/inject.ts'
import { type House, type HouseOptions, openHouse } from '../../fixtures/house.ts'

export const evil = 'https://evil.example'

/** One sandbox for all tests of a file, over the run's kind of database. */
export function useHouse(options: HouseOptions = {}): () => House {
  let house: House
  before(async () => {
    house = await openHouse(options)
  })
  // The database goes with the file that it was lent to.
  after(() => house.app.close())
  return () => house
}

/** A browser without scripts that keeps its cookies, also those that somebody planted. */
export class Visit {
  readonly cookies: Record<string, string>
  readonly house: House

  constructor(house: House, planted: Record<string, string> = {}) {
    this.house = house
    this.cookies = { ...planted }
  }

  async send(request: InjectedRequest): Promise<InjectedReply> {
    const reply = await this.house.inject({ cookies: this.cookies, ...request })
    for (const [name, value] of Object.entries(reply.cookies)) {
      if (value === '') delete this.cookies[name]
      else this.cookies[name] = value
    }
    return reply
  }

  /** Shows the sign-in page and sends its form; gives the answer. */
  async signIn(
    username: string,
    password = 'sandbox',
    more: Partial<InjectedRequest> = {},
    extra: object = {},
  ) {
    const page = await this.send({ url: '/account/sign-in?again=1' })
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    return this.send({ url: '/account/sign-in', form: { _csrf, username, password, ...extra }, ...more })
  }

  /** Whether the browser is signed in, and as whom the page greets. */
  async isSignedIn(): Promise<boolean> {
    return (await this.send({ url: '/account' })).status === 200
  }
}
