/**
 * `$validate`: would this resource be stored? What is sent is judged and nothing else: no record is looked at, so the
 * answer is the same whether or not there is a resource under the id of the address.
 * @see FHIR R4 Resource operations, validate
 */
import type { Resource } from '../../smart/resource.ts'
import { checkIsFor } from '../body.ts'
import { validate } from '../definitions/validate.ts'
import type { Prepared } from '../interactions/handler.ts'
import { FhirError, fhirHeaders, outcome } from '../outcomes.ts'
import { json } from '../replies.ts'
import { badParameter } from './item.ts'
import type { Call, Operation } from './operation.ts'

const modes = ['create', 'update', 'delete', 'profile']
const baseProfile = 'http://hl7.org/fhir/StructureDefinition/'
/** Nobody reads more; the same mistake may stand in every element of a long list. */
const mostIssues = 100

export const validateOperation: Operation = {
  definition: () => 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  methods: ['GET', 'POST'],
  parameters: [
    { name: 'resource', kind: 'resource' },
    { name: 'mode', kind: 'text' },
    { name: 'profile', kind: 'text' },
  ],
  answer: async (call): Promise<Prepared> => {
    const verdict = verdictOn(call)
    const body = json(verdict, call.preferences.pretty)
    return {
      status: 200,
      touched: { patients: [], resources: [] },
      finish: () => ({ status: 200, headers: fhirHeaders, body }),
    }
  },
}

function verdictOn(call: Call): object {
  const { asked, given } = call
  const { type = '', id } = asked
  const mode = given.one('mode')
  checkMode(mode, id)
  checkProfile(given.one('profile'), type)
  if (mode === 'delete') return good('Whether it may be deleted is decided when that is asked for.')
  const { resource } = given
  if (!resource)
    throw badParameter('resource', 'it is needed: only what is sent is validated, never what is stored')
  checkIsFor(resource, type, mode === 'update' ? id : undefined)
  return judge(resource)
}

function checkMode(mode: string | undefined, id: string | undefined): void {
  if (mode === undefined) return
  if (!modes.includes(mode)) throw badParameter('mode', `expected one of ${modes.join(', ')}`)
  if (id === undefined && (mode === 'update' || mode === 'delete'))
    throw badParameter('mode', `${mode} needs the address of a resource, such as Patient/123/$validate`)
  if (id !== undefined && mode === 'create')
    throw badParameter('mode', 'create needs the address of a type, such as Patient/$validate')
}

/** Profiles are not known here. Silence about one would read as conformance to it. */
function checkProfile(profile: string | undefined, type: string): void {
  if (profile === undefined) return
  const [url] = profile.split('|')
  if (url === `${baseProfile}${type}`) return
  throw new FhirError('unsupported', {
    text: `profile: only ${baseProfile}${type} can be validated against on this server.`,
  })
}

function judge(resource: Resource): object {
  const issues = validate(resource).slice(0, mostIssues)
  if (issues.length === 0) return good('The resource is valid.')
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, expression, text }) => ({
      severity: 'error',
      code,
      diagnostics: text,
      expression: [expression],
    })),
  }
}

function good(text: string): object {
  return outcome('information', 'informational', [{ text }])
}
