/**
 * `$everything` of a patient or an encounter: the whole record that the caller may see, each type by its own reach of
 * `r` and `s`, with the reference data that it points to. Types out of reach are left out; an app that acts for itself
 * is refused those that it names. With `_count` it comes in pages whose links are bound to the grant; without, in one
 * Bundle that is written while it is read.
 * @see FHIR R4 Patient operations, everything; Encounter operations, everything
 */
import type { Prepared, Services } from '../../interactions/handler.ts'
import { checkTellable } from '../../named-types.ts'
import { FhirError } from '../../outcomes.ts'
import { givenOf } from '../given.ts'
import { badParameter } from '../item.ts'
import type { Call, Operation } from '../operation.ts'
import { type Focus, loadFocus } from './focus.ts'
import { encounterLegs, patientLegs, wishOf } from './legs.ts'
import { answerPage } from './page.ts'
import type { Telling } from './telling.ts'
import { parsePlace } from './walk.ts'
import { answerWhole } from './whole.ts'

const pageParameter = '_page'

export const everything: Operation = {
  definition: (type) => `http://hl7.org/fhir/OperationDefinition/${type}-everything`,
  methods: ['GET', 'POST'],
  parameters: [
    { name: 'start', kind: 'date' },
    { name: 'end', kind: 'date' },
    { name: '_since', kind: 'instant' },
    { name: '_type', kind: 'types', repeats: true },
    { name: '_count', kind: 'number' },
    { name: pageParameter, kind: 'text' },
  ],
  answer: async (call, services): Promise<Prepared> => {
    checkDates(call)
    const focus = await loadFocus(call, services)
    const telling = { focus, ...asked(focus, call, services) }
    return telling.given.one('_count') === undefined
      ? answerWhole(telling, call, services)
      : answerPage(telling, call, services)
  },
}

/** An encounter has its own time: the range is a patient's parameter. */
function checkDates({ asked, given }: Call): void {
  if (asked.type === 'Patient') return
  for (const name of ['start', 'end'])
    if (given.one(name) !== undefined) throw badParameter(name, 'this operation has no such parameter')
}

/** A page link says all that it needs: what comes beside it is not looked at. */
function asked(focus: Focus, { given, caller }: Call, services: Services): Omit<Telling, 'focus'> {
  const { pageLinks, base } = services
  const link = given.one(pageParameter)
  const page = link === undefined ? undefined : pageLinks.open(link, caller)
  if (link !== undefined && page?.of !== focus.place) throw new FhirError('page')
  const meant = page ? givenOf(page.parameters) : given
  const wish = wishOf(meant)
  if (wish.types) checkTellable(wish.types, caller, base)
  const legs =
    focus.type === 'Patient'
      ? patientLegs(focus.id, wish, caller)
      : encounterLegs(focus.id, focus.patients, wish, caller)
  return { given: meant, wish, legs, from: page ? parsePlace(page.cursor) : { leg: 0 } }
}
