/** What every store of records must do, whichever database is behind it. */
import { test } from 'node:test'
import { commits, histories } from './repository-commit.ts'
import { ward } from './repository-fixtures.ts'
import { pages } from './repository-pages.ts'
import { reaches } from './repository-reaches.ts'
import { searches } from './repository-searches.ts'
import type { Made } from './repository-setting.ts'
import { conflicts, versions } from './repository-versions.ts'
import { usCoreSearches } from './us-core-searches.ts'

/** Runs the contract on what `make` gives. */
export function repositoryContract(name: string, make: () => Promise<Made>): void {
  const contract = (title: string, run: (made: Made) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const made = await make()
      try {
        await run(made)
      } finally {
        await made.close()
      }
    })
  const onWard = (title: string, run: (made: Made) => Promise<void>) =>
    contract(title, async (made) => {
      await made.repository.putAll(ward)
      await run(made)
    })
  versions(contract)
  conflicts(contract)
  commits(contract)
  histories(contract)
  searches(onWard)
  usCoreSearches(contract)
  reaches(onWard)
  pages(onWard)
}
