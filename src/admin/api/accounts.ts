/** Accounts by the administration API. */
import { z } from 'zod'
import { json } from '../../http/reply.ts'
import { parseBody } from './body.ts'
import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import { toldAccount } from './told.ts'

const longest = 200
const mostRecords = 50
const links = z.strictObject({
  records: z.array(z.string().max(longest)).max(mostRecords),
  fhir_user: z.string().min(1).max(longest).optional(),
})

function setting(name: 'disable' | 'enable'): Call {
  return [
    'POST',
    `/accounts/:id/${name}`,
    async ({ segments }, by, { accounts }) => {
      const account = await accounts.setDisabled(segments.id ?? '', name === 'disable', by)
      if (!account) throw notFound('account')
      return json(200, toldAccount(account))
    },
  ]
}

export const accountCalls: readonly Call[] = [
  [
    'GET',
    '/accounts',
    async (_request, _by, { accounts }) => json(200, { accounts: (await accounts.list()).map(toldAccount) }),
  ],
  [
    'GET',
    '/accounts/:id',
    async ({ segments }, _by, { accounts }) => {
      const account = await accounts.find(segments.id ?? '')
      if (!account) throw notFound('account')
      return json(200, toldAccount(account))
    },
  ],
  [
    'PUT',
    '/accounts/:id/records',
    async (request, by, { accounts }) => {
      const { records, fhir_user } = parseBody(request, links)
      const account = await accounts.link(
        request.segments.id ?? '',
        { records, ...(fhir_user !== undefined && { fhirUser: fhir_user }) },
        by,
      )
      if (!account) throw notFound('account')
      return json(200, toldAccount(account))
    },
  ],
  setting('disable'),
  setting('enable'),
]
