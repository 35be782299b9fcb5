/** The form of an app's metadata, for a new app and for one that is there. */
import { type Html, html } from '../../http/html.ts'
import type { Params } from '../../http/params.ts'
import { button, checkbox, choice, field, notice } from '../../ui/parts.ts'
import { type AdminApp, type AppMetadata, NotAcceptable } from '../ports.ts'
import type { Visit } from './admit.ts'
import { linesOf, reasonOf, textArea } from './parts.ts'

/** The form's fields as texts: what was typed, or what is on record. */
export interface Typed {
  readonly text: (name: string) => string
  readonly grantTypes: readonly string[]
}

const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const
const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const
const plain = [
  'client_name',
  'initiate_login_uri',
  'token_endpoint_auth_method',
  'jwks_uri',
  'logo_uri',
  'client_uri',
  'policy_uri',
  'tos_uri',
  'software_id',
  'software_version',
] as const
const lists = ['redirect_uris', 'contacts'] as const
/** What stands on the form, and what follows from it. */
const asked: ReadonlySet<string> = new Set([
  ...plain,
  ...lists,
  'scope',
  'grant_types',
  'jwks',
  'response_types',
])

/** What a new app begins with. */
export const blank: Typed = {
  text: (name) => (name === 'token_endpoint_auth_method' ? 'none' : ''),
  grantTypes: ['authorization_code', 'refresh_token'],
}

/** What is on record. */
export function typedOf(metadata: AppMetadata): Typed {
  const told = metadata as unknown as Readonly<Record<string, unknown>>
  return {
    text(name) {
      const value = told[name]
      if (name === 'jwks') return value === undefined ? '' : JSON.stringify(value, undefined, 2)
      return Array.isArray(value) ? value.join('\n') : String(value ?? '')
    },
    grantTypes: metadata.grant_types,
  }
}

/** What was typed. */
export function typedIn(form: Params): Typed {
  return { text: (name) => form.get(name) ?? '', grantTypes: form.all('grant_types') }
}

/** The metadata that was typed; what the form does not ask for stays as it is. Throws {@link NotAcceptable}. */
export function metadataTyped(typed: Typed, before: AdminApp | undefined): Record<string, unknown> {
  const unasked = Object.entries(before?.metadata ?? {}).filter(([name]) => !asked.has(name))
  return {
    ...Object.fromEntries(unasked),
    ...Object.fromEntries(
      plain.map((name) => [name, typed.text(name).trim()]).filter(([, text]) => text !== ''),
    ),
    ...Object.fromEntries(lists.map((name) => [name, linesOf(typed.text(name))])),
    ...(typed.text('scope').trim() !== '' && {
      scope: typed.text('scope').split(/\s+/).filter(Boolean).join(' '),
    }),
    grant_types: typed.grantTypes,
    ...(typed.text('jwks').trim() !== '' && { jwks: parseKeys(typed.text('jwks')) }),
  }
}

function parseKeys(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NotAcceptable('jwks', 'is not JSON')
  }
}

/** The form. */
export function appForm(visit: Visit, action: string, typed: Typed, problem?: NotAcceptable): Html {
  const { form: words } = visit.words
  const member = problem?.member.split('.')[0]
  const wrong = (name: string) => member === name && problem && { error: reasonOf(problem, visit) }
  const line = (name: string, label: string, required = false) =>
    field({
      name,
      label,
      value: typed.text(name),
      required,
      autocomplete: 'off',
      ...(!required && { optional: words.optional }),
      ...wrong(name),
    })
  const area = (name: string, label: string, hint?: string) =>
    textArea({
      name,
      label,
      value: typed.text(name),
      ...(name !== 'redirect_uris' && { optional: words.optional }),
      ...(hint !== undefined && { hint }),
      ...wrong(name),
    })
  return html`${problem && problemNotice(problem, visit)}
<form method="post" action="${action}" class="card admin-form">${visit.csrf}
${line('client_name', words.name, true)}
${choice({
  name: 'token_endpoint_auth_method',
  label: words.authMethod,
  options: authMethods.map((one) => [one, words.authMethods[one]] as const),
  value: typed.text('token_endpoint_auth_method'),
})}
<fieldset class="admin-choices"><legend>${words.grantTypes}</legend>${grantTypes.map((one) =>
    checkbox({
      name: 'grant_types',
      value: one,
      label: words.grants[one],
      checked: typed.grantTypes.includes(one),
    }),
  )}</fieldset>
${area('redirect_uris', words.redirectUris, words.onePerLine)}
${line('initiate_login_uri', words.launchUri)}
${area('scope', words.scope)}
${line('jwks_uri', words.jwksUri)}
${area('jwks', words.jwks, words.jwksHint)}
${line('client_uri', words.clientUri)}
${line('logo_uri', words.logoUri)}
${line('policy_uri', words.policyUri)}
${line('tos_uri', words.tosUri)}
${area('contacts', words.contacts)}
${line('software_id', words.softwareId)}
${line('software_version', words.softwareVersion)}
<p class="actions">${button(words.save)}</p></form>`
}

/** What stands beside no field is told above the form. */
function problemNotice(problem: NotAcceptable, visit: Visit): Html {
  const { form: words } = visit.words
  const [member = ''] = problem.member.split('.')
  const isShown =
    asked.has(member) && !['grant_types', 'response_types', 'token_endpoint_auth_method'].includes(member)
  if (isShown) return notice('danger', words.problem)
  return notice('danger', html`${words.otherProblem(problem.member)} ${reasonOf(problem, visit)}`)
}
