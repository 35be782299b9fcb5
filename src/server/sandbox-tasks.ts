/** Puts the sandbox's tasks in, and mends the address of the app they name when the server has another one now. */
import { parseTask } from '../ehr/tasks/parse-task.ts'
import type { Repository } from '../resource/repository.ts'
import type { Resource } from '../smart/resource.ts'
import { sandboxTasks } from '../synthetic/index.ts'

/** What somebody made of a task stays: only the address in it follows the server. */
export async function furnishTasks(repository: Repository, asOf: string, baseUrl: string): Promise<void> {
  const app = {
    launchUrl: `${baseUrl}/apps/trends/launch.html`,
    homeUrl: `${baseUrl}/apps/trends/index.html`,
  }
  for (const task of sandboxTasks(asOf, app)) {
    const stored = (await repository.read('Task', String(task.id)))?.resource
    if (!stored) await repository.putAll([task])
    else if (addressIn(stored) !== undefined && addressIn(stored) !== addressIn(task))
      await repository.update({ ...stored, input: task.input })
  }
}

function addressIn(task: Resource): string | undefined {
  return parseTask(task)?.appUrl
}
