/** Apps by the administration API. Bodies are metadata of RFC 7591; PUT replaces all of it. */
import { z } from 'zod'
import { json } from '../../http/reply.ts'
import type { HttpRequest } from '../../http/route.ts'
import { appStates, findApps } from '../find-apps.ts'
import type { AppAct, AppState } from '../ports.ts'
import { anyObject, parseBody } from './body.ts'
import type { Call } from './call.ts'
import { ApiError, notFound } from './errors.ts'
import { seenBy, tagOf } from './if-match.ts'
import { toldApp, toldMade } from './told.ts'

const HOUR = 60 * 60 * 1000
const overlapHours = 24
const mostOverlapHours = 90 * 24

const trustShape = z.strictObject({
  pre_approved: z.boolean().optional(),
  smart1: z.boolean().optional(),
  resource_server: z.boolean().optional(),
})

const idOf = ({ segments }: HttpRequest) => segments.id ?? ''

function untrustworthy(): ApiError {
  return new ApiError(409, 'invalid_state', 'Only an app that authenticates can be trusted so.')
}

function undecided(): ApiError {
  return new ApiError(
    409,
    'invalid_state',
    'An app is trusted once it is approved: this one waits or was refused.',
  )
}

function ofDocument(): ApiError {
  const text = 'The app is known by its metadata document, and is changed there: what stands in it counts.'
  return new ApiError(409, 'invalid_state', text)
}

function act(name: AppAct): Call {
  return [
    'POST',
    `/apps/:id/${name}`,
    async (request, by, { apps }) => {
      const known = await apps.find(idOf(request))
      if (!known) throw notFound('app')
      const app = await apps.act(known.id, name, by, seenBy(request, known))
      if (!app) throw new ApiError(409, 'invalid_state', `In its state the app cannot be changed by ${name}.`)
      return json(200, toldApp(app))
    },
  ]
}

export const appCalls: readonly Call[] = [
  [
    'GET',
    '/apps',
    async ({ query }, _by, { apps }) => {
      const status = query.get('status')
      if (status !== undefined && !appStates.includes(status as AppState)) {
        throw new ApiError(
          400,
          'invalid_request',
          `status: one of ${appStates.join(', ')} is expected`,
          'status',
        )
      }
      const found = findApps(await apps.list(), query.get('q') ?? '', status as AppState | undefined)
      return json(200, { apps: found.map(toldApp) })
    },
  ],
  [
    'POST',
    '/apps',
    async (request, by, { apps }) =>
      json(201, toldMade(await apps.register(parseBody(request, anyObject), by))),
  ],
  [
    'GET',
    '/apps/:id',
    async (request, _by, { apps }) => {
      const app = await apps.find(idOf(request))
      if (!app) throw notFound('app')
      return json(200, toldApp(app), { etag: tagOf(app) })
    },
  ],
  [
    'PUT',
    '/apps/:id',
    async (request, by, { apps }) => {
      const metadata = parseBody(request, anyObject)
      const known = await apps.find(idOf(request))
      if (!known) throw notFound('app')
      if (known.origin === 'document') throw ofDocument()
      const made = await apps.edit(known.id, metadata, by, seenBy(request, known))
      if (!made) throw notFound('app')
      return json(200, toldMade(made))
    },
  ],
  [
    'DELETE',
    '/apps/:id',
    async (request, by, { apps }) => {
      const known = await apps.find(idOf(request))
      if (!known || !(await apps.remove(known.id, by, seenBy(request, known)))) throw notFound('app')
      return { status: 204 }
    },
  ],
  act('approve'),
  act('refuse'),
  act('disable'),
  act('enable'),
  [
    'PUT',
    '/apps/:id/trust',
    async (request, by, { apps }) => {
      const { pre_approved, smart1, resource_server } = parseBody(request, trustShape)
      const known = await apps.find(idOf(request))
      if (!known) throw notFound('app')
      const seen = seenBy(request, known)
      const isUndecided = known.state === 'waiting' || known.state === 'refused'
      if (isUndecided && [pre_approved, smart1, resource_server].includes(true)) throw undecided()
      // All of it or nothing: the others need no such app.
      const needsProof = smart1 === true || resource_server === true
      if (needsProof && known.metadata.token_endpoint_auth_method === 'none') throw untrustworthy()
      const trusts = { preApproved: pre_approved, smart1, resourceServer: resource_server }
      if (Object.values(trusts).every((isGiven) => isGiven === undefined)) return json(200, toldApp(known))
      const app = await apps.setTrusts(known.id, trusts, by, seen)
      if (!app) throw untrustworthy()
      return json(200, toldApp(app))
    },
  ],
  [
    'POST',
    '/apps/:id/rotate-secret',
    async (request, by, { apps }) => {
      const shape = z.strictObject({
        overlap_hours: z.number().min(0).max(mostOverlapHours).default(overlapHours),
      })
      const { overlap_hours } = parseBody(request, shape)
      if (!(await apps.find(idOf(request)))) throw notFound('app')
      const made = await apps.rotateSecret(idOf(request), overlap_hours * HOUR, by)
      if (!made) throw new ApiError(409, 'invalid_state', 'The app does not authenticate by a secret.')
      return json(200, toldMade(made))
    },
  ],
]
