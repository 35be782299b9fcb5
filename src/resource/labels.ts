/**
 * Enforces that labels which decide on who sees a resource are changed by those alone whom the site lets do so: the tag of
 * results that wait for release is put on and taken off by who may release them, other such labels are taken off by whom
 * the policy names. To put one on takes no more than the right to write. @see docs/adr/0031-labels-stay.md
 */
import { type Label, labelsAdded } from '../smart/labels.ts'
import type { Resource } from '../smart/resource.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import { FhirError } from './outcomes.ts'
import type { Stored } from './repository.ts'

/** Refuses a change of a stored resource that changes labels which the caller may not change. */
export async function checkLabels(
  current: Stored,
  next: Resource,
  { caller }: Pick<Permitted, 'caller'>,
  { labelling }: Pick<Services, 'labelling'>,
): Promise<void> {
  const added = labelsAdded(current.resource, next)
  const taken = labelsAdded(next, current.resource)
  const isRelease = (label: Label) => labelling.stakeOf(label) === 'release'
  const releases = [...added, ...taken].find(isRelease)
  if (releases && !(await labelling.mayRelease(caller, current))) throw kept(releases, releaseText)
  const access = taken.find((label) => labelling.stakeOf(label) === 'access')
  if (access && !(await labelling.mayTakeOff(caller))) throw kept(access, accessText)
}

const releaseText =
  'marks results that wait for release: it is put on and taken off by who ordered the result, and whom the policy of this site names.'
const accessText =
  'decides on who sees the resource: it is taken off by those alone whom the policy of this site names.'

function kept({ kind, system, code }: Label, text: string): FhirError {
  return new FhirError('labelled', {
    text: `meta.${kind} ${system}|${code} ${text}`,
    expression: `Resource.meta.${kind}`,
    detail: 'label',
  })
}
