/** What the Bundle of a record has beside its entries: kind and links, and a remark where something had to be left out. */
import type { Services } from '../../interactions/handler.ts'
import { outcome } from '../../outcomes.ts'
import { queryTextOf } from '../given.ts'
import type { Telling } from './telling.ts'

/** The members before the entries; `page` is the sealed link to the next page. */
export function headOf({ focus, given }: Telling, { base }: Services, page?: string): object {
  const address = `${base}/${focus.place}`
  const query = queryTextOf(given)
  const self = { relation: 'self', url: query === '' ? address : `${address}?${query}` }
  const next = page === undefined ? [] : [{ relation: 'next', url: `${address}?_page=${page}` }]
  return { resourceType: 'Bundle', type: 'searchset', link: [self, ...next] }
}

/** The entry that says so when not all reference data is there. */
export const cutShortText: string = JSON.stringify({
  resource: outcome('warning', 'incomplete', [
    {
      text: 'Not all of the organisations, people and other reference data that are named here are included.',
    },
  ]),
  search: { mode: 'outcome' },
})
