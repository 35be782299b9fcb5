/** Enforces that only what FHIR R4 defines is answered: a request is one of its interactions, exactly, or nothing. @see FHIR R4 http */
import { type Interaction, isResourceType, parseInteraction } from '../smart/interaction.ts'
import { checkWrapper } from './body.ts'
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** The interaction that a request asks for. HEAD asks what GET asks; no header changes the method. */
export function recognise(request: FhirRequest): Interaction {
  const { path, search } = request
  if (!methods.has(request.method)) throw new FhirError('method')
  const ifNoneExist = request.headers['if-none-exist']
  const isWrapper = request.method === 'POST' && path === ''
  const interaction = parseInteraction({
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path,
    query: search,
    ...(ifNoneExist !== undefined && { ifNoneExist }),
    ...(isWrapper && { body: parseWrapper(request.body) }),
  })
  return interaction ?? unrecognised(path, isWrapper)
}

function parseWrapper(body: string): unknown {
  // Whoever has any token at all comes as far as here.
  checkWrapper(body)
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function unrecognised(path: string, isWrapper: boolean): never {
  if (isWrapper)
    throw new FhirError('contradiction', {
      text: 'The body has to be a Bundle of type batch or transaction.',
    })
  const [type = ''] = path.split('/')
  if (/^[A-Za-z]+$/.test(type) && !isResourceType(type) && type !== 'metadata')
    throw new FhirError('unknownType', { text: `${type} is no resource type of FHIR R4.` })
  throw new FhirError('unknownAddress')
}
