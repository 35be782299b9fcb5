/** `/admin/codes`: activation codes of patients, made and revoked. */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, card, emptyState, field, notice, table } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import { type ActivationCode, NotAcceptable } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { secretPage } from './parts.ts'

const PATH = '/admin/codes'
const longest = 100

/** The list and the form. */
export async function showCodes(visit: Visit, deps: AdminDeps, problem?: NotAcceptable): Promise<HttpReply> {
  const { codes: words } = visit.words
  const codes = await deps.codes.list()
  const revoked = visit.request.query.get('revoked') !== undefined
  return adminPage(visit, 'codes', {
    title: words.title,
    body: html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${revoked && notice('success', words.revoked)}${problem && notice('danger', words.unmade)}
${codes.length === 0 ? emptyState(words.none) : codesTable(codes, visit)}
${makeForm(visit, deps, problem)}`,
    status: problem ? 400 : 200,
  })
}

/** Makes a code, or revokes one. */
export async function changeCodes(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { form } = visit.request
  if (form.get('act') === 'revoke') {
    const wasGood = await deps.codes.revoke(form.get('patient') ?? '', visit.by)
    return wasGood ? redirect(`${PATH}?revoked=1`) : missing(visit)
  }
  try {
    const { patient, days } = typedIn(visit, deps)
    const made = await deps.codes.make(patient, days, visit.by)
    const { secret, codes: words } = visit.words
    const until = formatMoment(visit.locale, made.expiresAt)
    return adminPage(visit, 'codes', {
      title: secret.title,
      body: secretPage(visit, PATH, [
        [words.patient, `Patient/${made.patient}`],
        [words.code, made.code],
        [words.expires, until],
      ]),
    })
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error
    return showCodes(visit, deps, error)
  }
}

function typedIn({ request: { form } }: Visit, { codes: { days: limits } }: AdminDeps) {
  const patient = form.get('patient')?.trim() ?? ''
  const days = Number(form.get('days') ?? limits.usual)
  if (patient === '' || patient.length > longest) throw new NotAcceptable('patient', 'is expected')
  if (!Number.isInteger(days) || days < 1 || days > limits.most)
    throw new NotAcceptable('days', `1 to ${limits.most} are expected`)
  return { patient, days }
}

function codesTable(codes: readonly ActivationCode[], visit: Visit): Html {
  const { codes: words } = visit.words
  return html`<section class="card stacked labelled">${table({
    caption: words.caption,
    columns: [words.patient, words.made, words.expires, words.revoke],
    rows: codes.map(({ patient, madeAt, expiresAt }) => [
      html`<code>Patient/${patient}</code>`,
      formatMoment(visit.locale, madeAt),
      formatMoment(visit.locale, expiresAt),
      revokeForm(patient, visit),
    ]),
  })}</section>`
}

function revokeForm(patient: string, { csrf, words }: Visit): Html {
  return html`<form method="post" action="${PATH}">${csrf}<input type="hidden" name="act" value="revoke"><input type="hidden" name="patient" value="${patient}"><button type="submit" class="button button-secondary" aria-label="${words.codes.revokeOf(`Patient/${patient}`)}">${words.codes.revoke}</button></form>`
}

function makeForm(
  { csrf, request, draft, words: { codes: words } }: Visit,
  deps: AdminDeps,
  problem?: NotAcceptable,
): Html {
  const { usual, most } = deps.codes.days
  const typed = (name: string, otherwise: string) => (problem ? request.form : draft)?.get(name) ?? otherwise
  const isDays = problem?.member === 'days'
  return card(
    html`<form method="post" action="${PATH}" class="admin-form">${csrf}<input type="hidden" name="act" value="make">
${field({ name: 'patient', label: words.patient, hint: words.patientHint, value: typed('patient', ''), required: true, autocomplete: 'off', ...(problem && !isDays && { error: words.problem }) })}
${field({ name: 'days', label: words.days, type: 'number', value: typed('days', String(usual)), required: true, ...(isDays && { error: words.daysProblem(most) }) })}
<p class="actions">${button(words.make)}</p></form>`,
    words.makeTitle,
  )
}
