/**
 * What a provider's claims say, in our words. Claims are a stranger's text: each has a type and a length here, or it is
 * absent; none makes a role that the configuration does not let this provider confer. @see OpenID Connect Core 1.0 §5.1
 */
import { parseReference } from '../../smart/ids.ts'
import type { Role } from '../account.ts'
import type { Demographics, Person, Proof, RecordIdentifier } from './identity.ts'
import type { IdentifierClaim, PatientMatch, Provider } from './provider.ts'
import { Refusal } from './refusal.ts'

/** Claims as they came. */
export type Claims = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 200
const LONGEST_SUBJECT = 255
const MOST_VALUES = 1000

/** Reads the claims; a person without an account claim is refused as unverified. */
export function readClaims(claims: Claims, provider: Provider, proof: Proof): Person {
  const { claims: names } = provider
  const username = textOf(claims[names.username])
  const subject = subjectOf(claims[names.account])
  const values = names.role === undefined ? undefined : valuesOf(claims[names.role])
  const name = textOf(claims[names.name])
  const fhirUser = names.fhirUser === undefined ? undefined : textOf(claims[names.fhirUser])
  const practitioner = identifierOf(claims, names.practitioner)
  const demographics = provider.patientMatch && demographicsOf(claims, provider.patientMatch)
  return {
    issuer: provider.issuer,
    subject,
    label: textOf(claims[names.email]) ?? username ?? name ?? subject.slice(0, LONGEST_TEXT),
    roles: rolesOf(values, provider),
    careTeamOnly: values?.some((value) => provider.careTeamOnly.includes(value)) ?? false,
    proof: { ...proof, methods: methodsOf(claims, provider) },
    ...(username !== undefined && { username }),
    ...(name !== undefined && { name }),
    ...(fhirUser !== undefined && parseReference(fhirUser) && { fhirUser }),
    ...(practitioner && { practitioner }),
    ...(demographics && { demographics }),
  }
}

/** Every claim that the configuration speaks of, so that what the ID token leaves out can be asked for. */
export function claimsWanted({ claims, patientMatch }: Provider): string[] {
  const { practitioner, ...names } = claims
  const match = patientMatch
    ? [patientMatch.given, patientMatch.family, patientMatch.birthDate, patientMatch.identifier.claim]
    : []
  const verified = patientMatch?.verified
  const proof = verified === undefined ? [] : ['claim' in verified ? verified.claim : 'verified_claims']
  return [...Object.values(names), ...(practitioner ? [practitioner.claim] : []), ...match, ...proof]
}

function subjectOf(value: unknown): string {
  const isOne = typeof value === 'string' && value.length > 0 && value.length <= LONGEST_SUBJECT
  if (!isOne)
    throw new Refusal('unverified', 'the account claim is absent, or no text of 255 characters at most')
  return value
}

function rolesOf(values: readonly string[] | undefined, { roles, roleValues }: Provider): Role[] {
  if (values === undefined) return [...roles]
  const conferred = values.flatMap((value) =>
    Object.hasOwn(roleValues, value) ? (roleValues[value] ?? []) : [],
  )
  return roles.filter((role) => conferred.includes(role))
}

/** Values of `acr` and `amr` count only where the configuration says what they mean. */
function methodsOf({ acr, amr }: Claims, { methods }: Provider): string[] {
  const said = [...valuesOf(acr), ...valuesOf(amr)]
  const meant = said.flatMap((value) => (Object.hasOwn(methods, value) ? (methods[value] ?? []) : []))
  return [...new Set(['fed', ...meant])]
}

function identifierOf(claims: Claims, named: IdentifierClaim | undefined): RecordIdentifier | undefined {
  const value = named && textOf(claims[named.claim])
  return named && value !== undefined ? { system: named.system, value } : undefined
}

/** All of them and verified, or none. */
function demographicsOf(claims: Claims, match: PatientMatch): Demographics | undefined {
  const verified = verifiedClaims(claims, match.verified)
  if (!verified) return undefined
  const given = textOf(verified[match.given])
  const family = textOf(verified[match.family])
  const birthDate = textOf(verified[match.birthDate])
  const identifier = identifierOf(verified, match.identifier)
  const isDate = birthDate !== undefined && /^\d{4}-\d\d-\d\d$/.test(birthDate)
  return given !== undefined && family !== undefined && isDate && identifier
    ? { given, family, birthDate, identifier }
    : undefined
}

/** @see OpenID Connect for Identity Assurance 1.0 §5 */
function verifiedClaims(claims: Claims, by: PatientMatch['verified']): Claims | undefined {
  if ('claim' in by)
    return valuesOf(claims[by.claim]).some((value) => by.values.includes(value)) ? claims : undefined
  const list = Array.isArray(claims.verified_claims) ? claims.verified_claims : [claims.verified_claims]
  const trusted = list.filter(isObject).find(({ verification }) => {
    const framework = isObject(verification) ? verification.trust_framework : undefined
    return typeof framework === 'string' && by.trustFrameworks.includes(framework)
  })
  return isObject(trusted?.claims) ? trusted.claims : undefined
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One text or a list of them; numbers and truth values as they are written. */
function valuesOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value]
  return list.flatMap((one) => (['string', 'number', 'boolean'].includes(typeof one) ? [String(one)] : []))
}

/** A line of text without what a page or a log would take for something else; nothing when it is empty or too long. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const line = value
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
  return line !== '' && line.length <= LONGEST_TEXT ? line : undefined
}
