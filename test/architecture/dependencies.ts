/** Who may import whom. */
import type { Import } from './imports.ts'
import { importRule, isIn, isTest, type Rule } from './rule.ts'

const ROLES = ['authorization', 'resource', 'ehr', 'identity', 'admin', 'inspector'].map(
  (name) => `src/${name}`,
)
const SHARED = ['src/smart', 'src/http', 'src/audit', 'src/ui']
const ROOT_FILES = ['src/server.ts', 'src/server', 'src/cli.ts', 'src/cli']

const within =
  (...places: readonly string[]) =>
  ({ target, local }: Import): boolean =>
    !local || places.some((place) => isIn(target, place))

const own = (from: string): string => from.split('/').slice(0, 2).join('/')

export const dependencyRules: readonly Rule[] = [
  importRule(
    'smart imports nothing outside itself, not even a package or a part of Node',
    ['src/smart'],
    ({ target, local }) => local && isIn(target, 'src/smart'),
    [
      { 'src/smart/a.ts': "import { join } from 'node:path'" },
      { 'src/smart/a.ts': "import type { Clock } from '../http/route.ts'" },
      { 'src/smart/a.ts': "export type Key = import('jose').JWK" },
      { 'src/smart/a.ts': "export const load = () => import('../store/sqlite/database.ts')" },
    ],
  ),
  importRule('http imports smart only', ['src/http'], within('src/http', 'src/smart'), [
    { 'src/http/app.ts': "import { sink } from '../audit/sink.ts'" },
    { 'src/http/app.ts': "import type { Session } from '../identity/session.ts'" },
    { 'src/http/reply.ts': "import { renderPage } from '../ui/page.ts'" },
  ]),
  importRule('audit imports smart only', ['src/audit'], within('src/audit', 'src/smart'), [
    { 'src/audit/event.ts': "export * from '../http/route.ts'" },
  ]),
  importRule('ui imports smart and http only', ['src/ui'], within('src/ui', 'src/smart', 'src/http'), [
    { 'src/ui/page.ts': "import { chart } from '../ehr/chart/page.ts'" },
    { 'src/ui/page.ts': "import type { Trail } from '../audit/trail.ts'" },
  ]),
  importRule(
    'roles import smart, http, audit and ui, never each other, the store or the configuration',
    ROLES,
    (imported, from) => within(own(from), ...SHARED)(imported),
    [
      {
        'src/ehr/launch/index.ts': "import { issueCode } from '../../authorization/authorize/issue-code.ts'",
      },
      { 'src/identity/index.ts': "import type { Patient } from '../ehr/patient.ts'" },
      { 'src/authorization/index.ts': "import { openDatabase } from '../store/sqlite/database.ts'" },
      { 'src/resource/handle.ts': "import { config } from '../config.ts'" },
      { 'src/admin/index.ts': "import { grants } from '../authorization/grant.ts'" },
      { 'src/inspector/index.ts': "import { handle } from '../resource/handle.ts'" },
    ],
  ),
  importRule(
    'store imports ports as types only, and values of smart only',
    ['src/store'],
    (imported) =>
      within('src/store', 'src/smart')(imported) ||
      (imported.typeOnly && within(...ROLES, 'src/audit')(imported)),
    [
      { 'src/store/records/records.ts': "import { planSearch } from '../../resource/search/plan.ts'" },
      { 'src/store/records/records.ts': "import { type Repository } from '../../resource/repository.ts'" },
      { 'src/store/records/records.ts': "import type { App } from '../../http/app.ts'" },
    ],
  ),
  importRule(
    'synthetic imports types of smart only',
    ['src/synthetic'],
    (imported) =>
      within('src/synthetic')(imported) ||
      (imported.typeOnly && within('src/synthetic', 'src/smart')(imported)),
    [
      { 'src/synthetic/patient.ts': "import { parseScope } from '../smart/scope.ts'" },
      { 'src/synthetic/patient.ts': "import type { Stored } from '../resource/repository.ts'" },
    ],
  ),
  importRule('policy imports smart only', ['src/policy'], within('src/policy', 'src/smart'), [
    { 'src/policy/parse-policy.ts': "import { filterClauses } from '../resource/search/filter.ts'" },
    { 'src/policy/policy-file.ts': "import type { Log } from '../http/log.ts'" },
  ]),
  importRule(
    'client imports smart only, and no package',
    ['src/client'],
    ({ target, local }) => local && (isIn(target, 'src/client') || isIn(target, 'src/smart')),
    [
      { 'src/client/index.ts': "import { jwtVerify } from 'jose'" },
      { 'src/client/index.ts': "import { Params } from '../http/params.ts'" },
    ],
  ),
  importRule(
    'tester imports types of smart only, and nothing of the server',
    ['src/tester'],
    (imported) =>
      within('src/tester')(imported) || (imported.typeOnly && within('src/tester', 'src/smart')(imported)),
    [
      { 'src/tester/checks/scope.ts': "import { covers } from '../../smart/grant.ts'" },
      { 'src/tester/checks/scope.ts': "import type { Client } from '../../authorization/client.ts'" },
    ],
  ),
  importRule(
    'only server and cli cross roles',
    ['src'],
    (imported, from) => ROOT_FILES.some((place) => isIn(from, place)) || !crosses(imported, from),
    [
      { 'src/config.ts': "import { durations } from './authorization/durations.ts'" },
      { 'src/portal.ts': "import { page } from './ehr/pages/portal.ts'" },
      { 'src/http/app.ts': "import { config } from '../config.ts'" },
    ],
  ),
  {
    name: 'nothing imports server and cli but they each other',
    check: (sources) =>
      sources
        .filter(
          ({ path }) => isIn(path, 'src') && !isTest(path) && !ROOT_FILES.some((place) => isIn(path, place)),
        )
        .flatMap(({ path, imports }) =>
          imports
            .filter(({ target }) => ROOT_FILES.some((place) => isIn(target, place)))
            .map(({ target }) => `${path} imports ${target}`),
        ),
    planted: [{ 'src/ehr/index.ts': "import type { Server } from '../server.ts'" }],
  },
  importRule('the program imports no test', ['src'], ({ target, local }) => !local || !isTest(target), [
    { 'src/http/app.ts': "import { inject } from './inject.test.ts'" },
    { 'src/http/app.ts': "import { fixture } from '../../test/fixtures/patient.ts'" },
  ]),
]

function crosses({ target, local }: Import, from: string): boolean {
  if (!local || isIn(target, own(from))) return false
  return target === 'src/config.ts' || (!isIn(from, 'src/store') && ROLES.some((role) => isIn(target, role)))
}
