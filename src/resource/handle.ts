/**
 * The life of one FHIR request, step by step. It is the one way to data: the routes come here with the caller behind an
 * access token, the server's own pages with the person who is signed in.
 */
import type { Interaction } from '../smart/interaction.ts'
import { permit } from './enforce.ts'
import { explained } from './explain.ts'
import { createFind } from './interactions/find.ts'
import type { BaseServices, Handler, Prepared, Services, Steps } from './interactions/handler.ts'
import { handlers } from './interactions/handlers.ts'
import { checkAccept } from './negotiate.ts'
import { isBuilt } from './operations/built.ts'
import { errorReply, FhirError } from './outcomes.ts'
import type { Trail } from './ports.ts'
import { preferencesOf } from './preferences.ts'
import { recognise } from './recognise.ts'
import { createRecorder } from './recorder.ts'
import { headReply } from './replies.ts'
import type { Answer, Caller, FhirReply, FhirRequest } from './request.ts'

/** Of most reads; nobody changes it. */
const noParameters = new URLSearchParams()

/** Makes the answering function over its services; every answer is on record before it is given. */
export function createAnswer(base: BaseServices, trail: Trail): Answer {
  const recorder = createRecorder(trail, base.log)
  const steps: Steps = {
    answer: (request, caller, asked) => carryOut(request, caller, services, asked),
    prepare,
    recorder,
    known: (error, request, caller, asked) => knownError(error, request, caller, asked, base),
  }
  const services: Services = { ...base, steps, find: createFind(base), pending: new Map() }
  return async (request, caller) => {
    const reply = await carryOut(request, caller, services)
    return request.method === 'HEAD' ? headReply(reply) : reply
  }
}

/** What is asked is read from the request, unless it was read already: then it is an entry of a Bundle. */
async function carryOut(
  request: FhirRequest,
  caller: Caller,
  services: Services,
  known?: Interaction,
): Promise<FhirReply> {
  const { recorder } = services.steps
  let asked = known
  try {
    asked ??= recognise(request)
    const prepared = await prepare(request, caller, asked, services)
    // Before the reply leaves, and before a write is stored.
    if (asked.kind !== 'capabilities') await recorder.allowed(request, caller, asked, prepared)
    return await prepared.finish()
  } catch (error) {
    return tell(error, request, caller, asked, services)
  }
}

/** Decides, narrows and lets the interaction's handler gather what the caller may have. */
async function prepare(
  request: FhirRequest,
  caller: Caller,
  asked: Interaction,
  services: Services,
): Promise<Prepared> {
  const parameters = request.search === '' ? noParameters : new URLSearchParams(request.search)
  checkAccept(request, parameters, asked)
  // The table pairs each kind with its handler; the compiler cannot follow a lookup by a union.
  const handler = handlers[asked.kind] as Handler<Interaction['kind']> | undefined
  if (!handler || !isBuilt(asked)) throw new FhirError('notBuilt', { detail: asked.kind })
  const reach = permit(caller, asked, services.base)
  const preferences = preferencesOf(request, parameters)
  return handler({ request, caller, asked, reach, parameters, preferences }, services)
}

async function tell(
  error: unknown,
  request: FhirRequest,
  caller: Caller,
  asked: Interaction | undefined,
  services: Services,
): Promise<FhirReply> {
  const known = knownError(error, request, caller, asked, services)
  if (known.error === 'unaudited' || asked?.kind === 'capabilities') return errorReply(known)
  try {
    await services.steps.recorder.failed(request, caller, asked, known)
    return errorReply(known)
  } catch {
    return errorReply(new FhirError('unaudited'))
  }
}

/** What went wrong, as an error that may be told. */
function knownError(
  error: unknown,
  request: FhirRequest,
  caller: Caller,
  asked: Interaction | undefined,
  services: BaseServices,
): FhirError {
  if (error instanceof FhirError) return explained(error, caller, asked, services)
  services.log.error({ err: error, request: request.id }, 'a FHIR request failed')
  const reference = request.id === undefined ? '' : ` It is in the log as ${request.id}.`
  return new FhirError('exception', { text: `Something went wrong on this server.${reference}` })
}
