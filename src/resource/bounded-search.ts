/** Enforces that a search that would keep everybody else waiting is told as what it is: too costly (422). */
import { FhirError } from './outcomes.ts'
import { isSearchTooLong, type Repository } from './repository.ts'

/** The repository, with searches that took too long as errors that may be told. */
export function withBoundedSearch(repository: Repository): Repository {
  return {
    ...repository,
    historyPage: (query) => repository.historyPage(query).catch(tell),
    search: (plan) => repository.search(plan).catch(tell),
    commit: (changes) => repository.commit(changes).catch(tell),
  }
}

function tell(error: unknown): never {
  if (!isSearchTooLong(error)) throw error
  throw new FhirError('tooCostly', {
    text: 'This search takes longer than a search may here: ask with fewer alternatives, for one patient, or for less.',
  })
}
