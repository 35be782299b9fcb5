/** The launches that somebody is asked to make, as their Tasks say; read with their own rights (TASK-10). */
import { isFhirId } from '../../smart/ids.ts'
import type { AppSummary, Chart, EhrUser } from '../ports.ts'
import { createSearchRecord } from '../record.ts'
import { type LaunchTask, launchCodes, openStatuses, parseTask, smartCodes } from './parse-task.ts'

/** A task, and the registered app that it asks for; none when nobody registered that address. */
export interface OwnTask {
  readonly task: LaunchTask
  readonly app?: AppSummary
}

const mostShown = 50

/** A person's open launch tasks, the newest first. */
export async function ownTasks(
  deps: { readonly chart: Chart; readonly fhirBase: string },
  user: EhrUser,
  apps: readonly AppSummary[],
): Promise<OwnTask[]> {
  const owners = referencesOf(user)
  if (owners.length === 0) return []
  const query = new URLSearchParams({
    code: Object.keys(launchCodes)
      .map((code) => `${smartCodes}|${code}`)
      .join(','),
    owner: owners.join(','),
    status: openStatuses.join(','),
    _sort: '-authored-on',
    _count: String(mostShown),
  })
  const { resources } = await createSearchRecord(deps.chart, user, deps.fhirBase)(`Task?${query}`)
  return resources
    .flatMap((resource) => parseTask(resource) ?? [])
    .slice(0, mostShown)
    .map((task) => withApp(task, apps))
}

/** One of them by its id; nothing when it is not this person's to do. */
export async function ownTask(
  { chart }: { readonly chart: Chart },
  user: EhrUser,
  id: string,
  apps: readonly AppSummary[],
): Promise<OwnTask | undefined> {
  const resource = isFhirId(id) ? await chart.get(user, `Task/${id}`) : undefined
  const task = resource && parseTask(resource)
  return task && referencesOf(user).includes(task.owner ?? '') ? withApp(task, apps) : undefined
}

/** Who a person is in records. */
function referencesOf({ fhirUser, ownRecord }: EhrUser): string[] {
  return [...new Set([fhirUser, ownRecord && `Patient/${ownRecord}`])].filter((one) => !!one) as string[]
}

/** Only a registered address is gone to: what stands in a record may have been written by anybody (TASK-05). */
function withApp(task: LaunchTask, apps: readonly AppSummary[]): OwnTask {
  const app = apps.find(
    ({ launchUrl, homeUrl }) => (task.kind === 'ehr' ? launchUrl : homeUrl) === task.appUrl,
  )
  return app ? { task, app } : { task }
}
