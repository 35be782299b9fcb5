/** Initial access tokens by the administration API; the token itself is told once. */
import { z } from 'zod'
import { json } from '../../http/reply.ts'
import { parseBody } from './body.ts'
import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import { toldToken } from './told.ts'

const DAY = 24 * 60 * 60 * 1000
const mostUses = 10_000
const mostDays = 366
const longest = 200
const longestScope = 16_000

const terms = z.strictObject({
  name: z.string().trim().min(1).max(longest),
  uses: z.number().int().min(1).max(mostUses).default(1),
  days: z.number().min(0).max(mostDays).default(7),
  scope: z.string().min(1).max(longestScope).optional(),
  backend: z.boolean().default(false),
})

export const tokenCalls: readonly Call[] = [
  [
    'GET',
    '/initial-access-tokens',
    async (_request, _by, { tokens }) =>
      json(200, { initial_access_tokens: (await tokens.list()).map(toldToken) }),
  ],
  [
    'POST',
    '/initial-access-tokens',
    async (request, by, { tokens }) => {
      const { days, scope, ...rest } = parseBody(request, terms)
      const { token, secret } = await tokens.issue(
        { ...rest, lifetime: days * DAY, ...(scope !== undefined && { scope }) },
        by,
      )
      return json(201, { ...toldToken(token), initial_access_token: secret })
    },
  ],
  [
    'DELETE',
    '/initial-access-tokens/:id',
    async ({ segments }, by, { tokens }) => {
      if (!(await tokens.revoke(segments.id ?? '', by)))
        throw notFound('initial access token that is still good')
      return { status: 204 }
    },
  ],
]
