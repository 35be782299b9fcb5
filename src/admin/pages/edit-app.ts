/** `/admin/apps/new` and `/admin/apps/ID/edit`. */
import { html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import { type AdminApp, type MadeApp, NotAcceptable } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { showApp } from './app.ts'
import { appForm, blank, metadataTyped, type Typed, typedIn, typedOf } from './app-form.ts'
import { pathOfApp } from './apps.ts'
import { secretPage } from './parts.ts'

const NEW = '/admin/apps/new'

/** The empty form. */
export async function newApp(visit: Visit): Promise<HttpReply> {
  return formPage(visit, undefined, visit.draft ? typedIn(visit.draft) : blank)
}

/** Registers what was typed. */
export async function addApp(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  return save(visit, undefined, (metadata) => deps.apps.register(metadata, visit.by))
}

/** The form with what is on record. */
export async function editApp(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  return ofEditable(visit, deps, (app) =>
    Promise.resolve(formPage(visit, app, visit.draft ? typedIn(visit.draft) : typedOf(app.metadata))),
  )
}

/** Replaces what is on record. */
export async function replaceApp(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  return ofEditable(visit, deps, (app) =>
    save(visit, app, (metadata) => deps.apps.edit(app.id, metadata, visit.by)),
  )
}

/** What a document says is changed in the document. */
async function ofEditable(
  visit: Visit,
  deps: AdminDeps,
  work: (app: AdminApp) => Promise<HttpReply>,
): Promise<HttpReply> {
  const app = await deps.apps.find(visit.request.segments.id ?? '')
  if (!app) return missing(visit)
  return app.origin === 'document' ? showApp(visit, deps, 'document') : work(app)
}

async function save(
  visit: Visit,
  app: AdminApp | undefined,
  work: (metadata: Record<string, unknown>) => Promise<MadeApp | undefined>,
): Promise<HttpReply> {
  const typed = typedIn(visit.request.form)
  try {
    const made = await work(metadataTyped(typed, app))
    if (!made) return missing(visit)
    return made.secret === undefined
      ? redirect(`${pathOfApp(made.app.id)}?saved=1`)
      : told(visit, made.app.id, made.secret)
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error
    return formPage(visit, app, typed, error)
  }
}

function told(visit: Visit, id: string, secret: string): HttpReply {
  const { secret: words } = visit.words
  const rows = [
    [words.clientId, id],
    [words.secret, secret],
  ] as const
  return adminPage(visit, 'apps', { title: words.title, body: secretPage(visit, pathOfApp(id), rows) })
}

function formPage(visit: Visit, app: AdminApp | undefined, typed: Typed, problem?: NotAcceptable): HttpReply {
  const { form: words } = visit.words
  const title = app ? words.editTitle(app.metadata.client_name) : words.newTitle
  const action = app ? `${pathOfApp(app.id)}/edit` : NEW
  return adminPage(visit, 'apps', {
    title,
    body: html`<h1>${title}</h1><p class="lead">${app ? words.editLead : words.newLead}</p>${appForm(visit, action, typed, problem)}`,
    status: problem ? 400 : 200,
  })
}
