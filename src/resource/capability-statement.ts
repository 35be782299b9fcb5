/**
 * What this server can do, made of what is registered: the table of handlers and the search parameters. Nothing is
 * listed that is not there. @see FHIR R4 CapabilityStatement; SMART App Launch 2.2, conformance
 */
import type { InteractionKind } from '../smart/interaction.ts'
import { readOnlyTypes } from '../smart/read-only.ts'
import type { ListedOperation } from './operations/index.ts'
import { type Parameter, searchParametersOf } from './search/parameters.ts'
import { usCoreProfilesOf, usCoreServer } from './us-core.ts'

/** What the statement is made of. */
export interface StatementOptions {
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly date: number
  readonly interactions: readonly InteractionKind[]
  readonly types: readonly string[]
  /** The operations on a type, or without one those on the whole server. */
  readonly operations: (type?: string) => readonly ListedOperation[]
  /** Addresses of the authorization server by the names of the `oauth-uris` extension: `authorize`, `token`, …. */
  readonly oauth: Readonly<Record<string, string>>
}

/** The names that a CapabilityStatement has for interactions on a type. */
const typeInteractions: readonly InteractionKind[] = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
]

/** And for those on the whole server. */
const systemInteractions: readonly InteractionKind[] = [
  'transaction',
  'batch',
  'search-system',
  'history-system',
]

/** Whose record a Binary is part of is no search parameter’s matter: nothing that searches finds one. */
const unsearchable = new Set(['Binary'])
const searchingInteractions = new Set<InteractionKind>(['search-type', 'history-type'])

/** Makes the statement as JSON when it is first asked for, and keeps it. */
export function createCapabilityStatement(options: StatementOptions): () => string {
  let statement: string | undefined
  return () => {
    statement ??= JSON.stringify(capabilityStatement(options))
    return statement
  }
}

/** The statement itself. */
export function capabilityStatement(options: StatementOptions) {
  const { base, version, date, oauth } = options
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(date).toISOString(),
    kind: 'instance',
    instantiates: [usCoreServer],
    software: { name: 'Chartkey', version },
    implementation: { description: 'Chartkey FHIR R4 API', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    ...(options.interactions.includes('patch') && {
      patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    }),
    rest: [
      {
        mode: 'server',
        security: security(oauth),
        resource: resources(options).map((row) => (readOnlyTypes.includes(row.type) ? lookedAt(row) : row)),
        ...operationsOf(options),
        ...systemLevel(options),
      },
    ],
  }
}

function security(oauth: StatementOptions['oauth']) {
  return {
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: Object.entries(oauth).map(([url, valueUri]) => ({ url, valueUri })),
      },
    ],
    cors: true,
    service: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
            code: 'SMART-on-FHIR',
          },
        ],
        text: 'OAuth2 using the SMART on FHIR profile (see http://docs.smarthealthit.org)',
      },
    ],
  }
}

function operationsOf({ operations }: StatementOptions, type?: string) {
  const operation = operations(type)
  return operation.length === 0 ? {} : { operation }
}

function resources(options: StatementOptions) {
  const { types, interactions } = options
  const updates = interactions.includes('update') && { updateCreate: true }
  const pointing = referencesTo(types)
  return types.map((type) => {
    const built = unsearchable.has(type)
      ? interactions.filter((kind) => !searchingInteractions.has(kind) && !kind.startsWith('conditional'))
      : interactions
    return {
      type,
      ...profilesOf(type),
      interaction: typeInteractions.filter((code) => built.includes(code)).map((code) => ({ code })),
      versioning: 'versioned',
      readHistory: built.includes('vread'),
      ...updates,
      conditionalCreate: built.includes('create') && built.includes('search-type'),
      conditionalRead: 'full-support',
      conditionalUpdate: built.includes('conditional-update'),
      conditionalDelete: built.includes('conditional-delete') ? 'single' : 'not-supported',
      ...(built.includes('search-type') && searching(type, pointing.get(type) ?? [])),
      ...operationsOf(options, type),
    }
  })
}

function profilesOf(type: string) {
  const supportedProfile = usCoreProfilesOf(type)
  return supportedProfile.length === 0 ? {} : { supportedProfile }
}

function systemLevel({ interactions }: StatementOptions) {
  const interaction = systemInteractions
    .filter((code) => interactions.includes(code))
    .map((code) => ({ code }))
  return {
    ...(interaction.length > 0 && { interaction }),
    ...(interactions.includes('search-system') && {
      searchParam: searchParametersOf('Resource').map(described),
    }),
  }
}

type Row = ReturnType<typeof resources>[number]

const looking: ReadonlySet<string> = new Set(['read', 'vread', 'history-instance', 'search-type'])

/** What nobody writes is only looked at: its row without all that changes. */
function lookedAt({ type, interaction, versioning, operation, ...row }: Row) {
  const reading = interaction.filter(({ code }) => looking.has(code))
  const { searchParam, searchInclude } = { searchParam: [], searchInclude: undefined, ...row }
  return {
    type,
    interaction: reading,
    versioning,
    ...(searchInclude && { searchInclude }),
    searchParam,
    ...(operation && { operation }),
  }
}

function searching(type: string, searchRevInclude: readonly string[]) {
  const parameters = searchParametersOf(type)
  const references = parameters.filter(isReference).map(({ key }) => `${type}:${key.code}`)
  const searchInclude = references.length > 0 ? ['*', `${type}:*`, ...references] : []
  return {
    ...(searchInclude.length > 0 && { searchInclude }),
    ...(searchRevInclude.length > 0 && { searchRevInclude }),
    searchParam: parameters.map(described),
  }
}

function described(parameter: Parameter) {
  return { name: parameter.key.code, type: parameter.type }
}

/** For each type, the parameters of all types that may point to it. */
function referencesTo(types: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const type of types.filter((name) => !readOnlyTypes.includes(name)))
    for (const { key, targets } of searchParametersOf(type).filter(isReference))
      for (const target of targets) found.set(target, [...(found.get(target) ?? []), `${type}:${key.code}`])
  return found
}

function isReference(parameter: Parameter): boolean {
  return parameter.type === 'reference'
}
