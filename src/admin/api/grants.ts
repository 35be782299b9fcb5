/** Grants by the administration API: what people allowed apps, and its end. */
import { json } from '../../http/reply.ts'
import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import { toldGrant } from './told.ts'

export const grantCalls: readonly Call[] = [
  [
    'GET',
    '/grants',
    async ({ query }, _by, { grants }) => {
      const [clientId, userId] = [query.get('client_id'), query.get('user')]
      const found = await grants.list({
        ...(clientId !== undefined && { clientId }),
        ...(userId !== undefined && { userId }),
      })
      return json(200, { grants: found.map(toldGrant) })
    },
  ],
  [
    'DELETE',
    '/grants/:id',
    async ({ segments }, by, { grants }) => {
      if (!(await grants.revoke(segments.id ?? '', by))) throw notFound('grant in force')
      return { status: 204 }
    },
  ],
]
