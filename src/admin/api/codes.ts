/** Activation codes by the administration API; a code is told once. */
import { z } from 'zod'
import { json } from '../../http/reply.ts'
import { parseBody } from './body.ts'
import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import { toldCode } from './told.ts'

const longest = 100

export const codeCalls: readonly Call[] = [
  [
    'GET',
    '/activation-codes',
    async (_request, _by, { codes }) => json(200, { activation_codes: (await codes.list()).map(toldCode) }),
  ],
  [
    'POST',
    '/activation-codes',
    async (request, by, { codes }) => {
      const { usual, most } = codes.days
      const shape = z.strictObject({
        patient: z.string().min(1).max(longest),
        days: z.number().int().min(1).max(most).default(usual),
      })
      const { patient, days } = parseBody(request, shape)
      const made = await codes.make(patient, days, by)
      return json(201, { ...toldCode(made), activation_code: made.code })
    },
  ],
  [
    'DELETE',
    '/activation-codes/:id',
    async ({ segments }, by, { codes }) => {
      if (!(await codes.revoke(segments.id ?? '', by)))
        throw notFound('patient with a code that is still good')
      return { status: 204 }
    },
  ],
]
