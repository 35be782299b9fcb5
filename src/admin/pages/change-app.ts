/** What the buttons of an app's page do. */
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import { type AdminApp, type AppAct, ChangedMeanwhile, type Trust } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { mostOverlapHours, showApp } from './app.ts'
import { pathOfApp } from './apps.ts'
import { secretPage } from './parts.ts'

const HOUR = 60 * 60 * 1000
type Change = (id: string, visit: Visit, deps: AdminDeps) => Promise<HttpReply>

type Decision = (id: string, visit: Visit, deps: AdminDeps, seen?: string) => Promise<AdminApp | undefined>

/** What gives something is for what the page showed, and its form says what that was; an old page, or one that does not say, gives nothing. */
const giving =
  (decide: Decision): Change =>
  async (id, visit, deps) => {
    const seen = visit.request.form.get('seen') ?? ''
    try {
      return (await decide(id, visit, deps, seen)) ? saved(id) : showApp(visit, deps, 'misfit')
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error
      return showApp(visit, deps, 'changed')
    }
  }

const taking =
  (decide: Decision): Change =>
  async (id, visit, deps) =>
    (await decide(id, visit, deps)) ? saved(id) : showApp(visit, deps, 'misfit')

const stateChange =
  (act: AppAct): Decision =>
  (id, { by }, { apps }, seen) =>
    apps.act(id, act, by, seen)

const trust =
  (trust: Trust, isGiven: boolean): Decision =>
  (id, { by }, { apps }, seen) =>
    apps.setTrusts(id, { [trust]: isGiven }, by, seen)

const changes: Readonly<Record<string, Change>> = {
  approve: giving(stateChange('approve')),
  refuse: taking(stateChange('refuse')),
  disable: taking(stateChange('disable')),
  enable: giving(stateChange('enable')),
  'pre-approval': giving(trust('preApproved', true)),
  'no-pre-approval': taking(trust('preApproved', false)),
  smart1: giving(trust('smart1', true)),
  'no-smart1': taking(trust('smart1', false)),
  'resource-server': giving(trust('resourceServer', true)),
  'no-resource-server': taking(trust('resourceServer', false)),
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
  const overlap = parseOverlap(visit.request.form.get('overlap'))
  if (overlap === undefined) return showApp(visit, deps, 'overlap')
  const made = await deps.apps.rotateSecret(id, overlap, visit.by)
  if (made?.secret === undefined) return showApp(visit, deps, 'misfit')
  const { secret: words } = visit.words
  const rows = [
    [words.clientId, id],
    [words.secret, made.secret],
  ] as const
  return adminPage(visit, 'apps', { title: words.title, body: secretPage(visit, pathOfApp(id), rows) })
}

/** In milliseconds; what is no number of hours is not taken for none, which would end the old secret at once. */
function parseOverlap(text = ''): number | undefined {
  const hours = /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined
  return hours !== undefined && hours <= mostOverlapHours ? hours * HOUR : undefined
}

async function remove(id: string, visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  if (visit.request.form.get('confirm') !== 'yes') return showApp(visit, deps, 'unconfirmed')
  return (await deps.apps.remove(id, visit.by)) ? redirect('/admin/apps?removed=1') : missing(visit)
}
