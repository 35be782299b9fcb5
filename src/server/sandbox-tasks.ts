/** Puts the sandbox's tasks in, and mends the address of the app they name when the server has another one now. */
import { parseTask } from '../ehr/tasks/parse-task.ts'
import type { Change, Repository } from '../resource/repository.ts'
import type { Resource } from '../smart/resource.ts'
import { sandboxTasks } from '../synthetic/sandbox/tasks.ts'

/** What somebody made of a task stays: only the address in it follows the server. */
export async function furnishTasks(repository: Repository, asOf: string, baseUrl: string): Promise<void> {
  const app = {
    launchUrl: `${baseUrl}/apps/trends/launch.html`,
    homeUrl: `${baseUrl}/apps/trends/index.html`,
  }
  const tasks = await Promise.all(
    sandboxTasks(asOf, app).map(async (task) => {
      const stored = await repository.read('Task', String(task.id))
      return { task, stored: stored?.resource }
    }),
  )
  const missing = tasks.flatMap(({ task, stored }) => (stored ? [] : [task]))
  if (missing.length > 0) await repository.putAll(missing)
  const moved = tasks.flatMap(({ task, stored }): Change[] => {
    const isMoved = stored && addressIn(stored) !== undefined && addressIn(stored) !== addressIn(task)
    return isMoved ? [{ kind: 'put', resource: { ...stored, input: task.input } }] : []
  })
  if (moved.length > 0) await repository.commit(moved)
}

function addressIn(task: Resource): string | undefined {
  return parseTask(task)?.appUrl
}
