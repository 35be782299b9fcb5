/** Writes a fact down as the FHIR resource that it stands for. */
import type { Resource } from '../../../../src/smart/resource.ts'
import type { Fact, Kind } from './facts.ts'

type Members = Readonly<Record<string, unknown>>

const coding = (code: string) => ({ coding: [{ code }] })
const concepts = (codes: readonly string[] | undefined) => codes && { category: codes.map(coding) }
const first = (values: readonly string[] | undefined) => values?.[0]

function reference(name: string, values: readonly string[] | undefined): Members {
  const to = first(values)
  return to === undefined ? {} : { [name]: { reference: to } }
}

function references(name: string, values: readonly string[] | undefined): Members {
  return values === undefined || values.length === 0
    ? {}
    : { [name]: values.map((to) => ({ reference: to })) }
}

function concept(name: string, values: readonly string[] | undefined): Members {
  const code = first(values)
  return code === undefined ? {} : { [name]: coding(code) }
}

function plain(name: string, values: readonly string[] | undefined): Members {
  const code = first(values)
  return code === undefined ? {} : { [name]: code }
}

const membersOf: Readonly<Record<Kind, (fact: Fact) => Members>> = {
  Patient: ({ codes, links }) => ({
    ...plain('gender', codes.gender),
    ...references('generalPractitioner', links['general-practitioner']),
    ...(links.link?.length && {
      link: links.link.map((to) => ({ other: { reference: to }, type: 'seealso' })),
    }),
  }),
  Encounter: ({ codes, links }) => ({
    status: first(codes.status),
    class: { code: first(codes.class) },
    ...reference('subject', links.subject),
  }),
  Observation: ({ codes, days, links }) => ({
    status: first(codes.status),
    ...concepts(codes.category),
    ...concept('code', codes.code),
    effectiveDateTime: days.date,
    ...reference('subject', links.subject),
    ...references('performer', links.performer),
    ...reference('encounter', links.encounter),
  }),
  Condition: ({ codes, links }) => ({
    ...concepts(codes.category),
    ...concept('code', codes.code),
    ...reference('subject', links.subject),
    ...reference('asserter', links.asserter),
    ...reference('encounter', links.encounter),
  }),
  MedicationRequest: ({ codes, days, links }) => ({
    status: first(codes.status),
    intent: 'order',
    authoredOn: days.authoredon,
    ...reference('subject', links.subject),
    ...reference('encounter', links.encounter),
    ...reference('medicationReference', links.medication),
  }),
  DiagnosticReport: ({ codes, days, links }) => ({
    status: first(codes.status),
    ...concepts(codes.category),
    ...concept('code', codes.code),
    effectiveDateTime: days.date,
    ...reference('subject', links.subject),
    ...references('result', links.result),
  }),
  Provenance: ({ links }) => ({
    ...references('target', links.target),
    recorded: '2024-01-01T00:00:00Z',
    agent: [{ who: { display: 'somebody' } }],
  }),
  Device: ({ codes, links }) => ({ status: first(codes.status), ...reference('patient', links.patient) }),
  Practitioner: ({ codes }) => plain('gender', codes.gender),
  Medication: ({ codes }) => ({ status: first(codes.status), ...concept('code', codes.code) }),
}

/** The resource. */
export function resourceOf(fact: Fact): Resource {
  const security = fact.codes._security?.map((code) => ({ code })) ?? []
  return {
    resourceType: fact.type,
    id: fact.id,
    ...(security.length > 0 && { meta: { security } }),
    // What changes with every version, and is found by nothing.
    extension: [{ url: 'urn:example:note', valueInteger: fact.note }],
    ...membersOf[fact.type](fact),
  }
}
