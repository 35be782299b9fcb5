/** What a search finds a record by: as whole forms name patients without a reference, they are found as if they had one. */
import type { Resource } from '../../smart/resource.ts'
import { entityTypes } from './codes.ts'

interface Entity {
  readonly type?: { readonly code?: string; readonly system?: string }
  readonly what?: {
    readonly reference?: string
    readonly type?: string
    readonly identifier?: { readonly value?: string }
  }
}

/** The resource with its patients as references; only for comparing it with what was asked, never to be shown. */
export function soughtForm(resource: Resource): Resource {
  const entities = (Array.isArray(resource.entity) ? resource.entity : []) as readonly Entity[]
  return { ...resource, entity: entities.map((entity) => (isPatient(entity) ? referring(entity) : entity)) }
}

function isPatient({ type, what }: Entity): boolean {
  const { system, code } = entityTypes.person
  return type?.system === system && type.code === code && what?.identifier !== undefined
}

function referring(entity: Entity): Entity {
  return { ...entity, what: { ...entity.what, reference: `Patient/${entity.what?.identifier?.value}` } }
}
