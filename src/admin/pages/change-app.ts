/** What the buttons of an app's page do. */
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import type { Trust } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { showApp } from './app.ts'
import { pathOfApp } from './apps.ts'
import { secretPage } from './parts.ts'

const HOUR = 60 * 60 * 1000
const mostOverlapHours = 90 * 24

type Change = (id: string, visit: Visit, deps: AdminDeps) => Promise<HttpReply>

const stateChange =
  (act: 'approve' | 'refuse' | 'disable' | 'enable'): Change =>
  async (id, visit, { apps, ...deps }) =>
    (await apps.act(id, act, visit.by)) ? saved(id) : showApp(visit, { apps, ...deps }, 'misfit')

const trust =
  (trust: Trust, isGiven: boolean): Change =>
  async (id, visit, deps) =>
    (await deps.apps.setTrust(id, trust, isGiven, visit.by)) ? saved(id) : showApp(visit, deps, 'misfit')

const changes: Readonly<Record<string, Change>> = {
  approve: stateChange('approve'),
  refuse: stateChange('refuse'),
  disable: stateChange('disable'),
  enable: stateChange('enable'),
  'pre-approval': trust('preApproved', true),
  'no-pre-approval': trust('preApproved', false),
  smart1: trust('smart1', true),
  'no-smart1': trust('smart1', false),
  'resource-server': trust('resourceServer', true),
  'no-resource-server': trust('resourceServer', false),
  rotate,
  remove,
  'revoke-grant': async (id, visit, { grants }) => {
    await grants.revoke(visit.request.form.get('grant') ?? '', visit.by)
    return saved(id)
  },
}

/** Takes a form of an app's page. */
export async function changeApp(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { segments, form } = visit.request
  const id = segments.id ?? ''
  const act = form.get('act') ?? ''
  const change = Object.hasOwn(changes, act) ? changes[act] : undefined
  if (!change || !(await deps.apps.find(id))) return missing(visit)
  return change(id, visit, deps)
}

function saved(id: string): HttpReply {
  return redirect(`${pathOfApp(id)}?saved=1`)
}

async function rotate(id: string, visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const hours = Number(visit.request.form.get('overlap') ?? '0')
  const overlap = Number.isFinite(hours) ? Math.min(Math.max(hours, 0), mostOverlapHours) * HOUR : 0
  const made = await deps.apps.rotateSecret(id, overlap, visit.by)
  if (made?.secret === undefined) return showApp(visit, deps, 'misfit')
  const { secret: words } = visit.words
  const rows = [
    [words.clientId, id],
    [words.secret, made.secret],
  ] as const
  return adminPage(visit, 'apps', { title: words.title, body: secretPage(visit, pathOfApp(id), rows) })
}

async function remove(id: string, visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  if (visit.request.form.get('confirm') !== 'yes') return showApp(visit, deps, 'unconfirmed')
  return (await deps.apps.remove(id, visit.by)) ? redirect('/admin/apps?removed=1') : missing(visit)
}
