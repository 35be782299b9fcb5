/** The EHR, the patient portal, the launch builder and the front door, as one table of routes. */
import type { HttpReply, Route } from '../http/route.ts'
import type { LaunchContext } from '../smart/context.ts'
import type { EhrDeps } from './deps.ts'
import { takeLaunch } from './launch.ts'
import { launchApiRoutes } from './launch-api/index.ts'
import type { TaskPlace } from './pages/tasks.ts'
import { enter, type Visit } from './pages/visit.ts'
import type { LaunchHolder } from './ports.ts'

/** What the EHR offers to the server. */
export interface Ehr {
  readonly routes: Route[]
  /** Uses up a launch for the authorization server: its context, or nothing if it is not this holder's to take. */
  takeLaunch(handle: string, holder: LaunchHolder): Promise<LaunchContext | undefined>
}

export function createEhr(deps: EhrDeps): Ehr {
  return {
    routes: [
      welcomeRoute(deps),
      ...ehrRoutes(deps),
      ...launchApiRoutes(deps),
      ...portalRoutes(deps),
      ...launcherRoutes(deps),
    ],
    takeLaunch: (handle, holder) => takeLaunch(deps, handle, holder),
  }
}

/** Each page is loaded with the first visit to it: a server that serves apps only never does. */
type Page = (deps: EhrDeps, visit: Visit) => Promise<HttpReply>

const chartLaunch = () => import('./pages/chart-launch.ts')
const portal = () => import('./pages/portal.ts')
const access = () => import('./pages/access.ts')
const tasks = () => import('./pages/tasks.ts')
const sharedLaunch = () => import('./pages/shared-launch.ts')

function welcomeRoute(deps: EhrDeps): Route {
  return {
    method: 'GET',
    path: '/',
    handle: async (request) => (await import('./pages/welcome.ts')).welcomePage(deps, request),
  }
}

function ehrRoutes(deps: EhrDeps): Route[] {
  const clinician = (load: () => Promise<Page>) =>
    enter(deps, 'ehr', async (visit) => (await load())(deps, visit))
  return [
    {
      method: 'GET',
      path: '/ehr',
      handle: clinician(async () => (await import('./pages/patients.ts')).patientsPage),
    },
    {
      method: 'GET',
      path: '/ehr/patients/:id',
      handle: clinician(async () => (await import('./pages/chart.ts')).chartPage),
    },
    {
      method: 'POST',
      path: '/ehr/patients/:id/launches',
      handle: clinician(async () => (await chartLaunch()).startChartLaunch),
    },
    {
      method: 'POST',
      path: '/ehr/patients/:id/releases',
      handle: clinician(async () => (await import('./pages/release.ts')).releaseResult),
    },
    {
      method: 'POST',
      path: '/ehr/patients/:id/emergency',
      handle: clinician(async () => (await import('./pages/emergency.ts')).breakGlass),
    },
    {
      method: 'GET',
      path: '/ehr/patients/:id/apps/:client',
      handle: clinician(async () => (await chartLaunch()).framePage),
    },
    ...taskRoutes(deps, 'ehr'),
  ]
}

function portalRoutes(deps: EhrDeps): Route[] {
  const patient = (load: () => Promise<Page>) =>
    enter(deps, 'portal', async (visit) => (await load())(deps, visit))
  return [
    { method: 'GET', path: '/portal', handle: patient(async () => (await portal()).portalPage) },
    {
      method: 'GET',
      path: '/portal/patients/:id',
      handle: patient(async () => (await portal()).portalRecordPage),
    },
    {
      method: 'GET',
      path: '/portal/patients/:id/access',
      handle: patient(async () => (await access()).recordAccessPage),
    },
    { method: 'GET', path: '/account/access', handle: patient(async () => (await access()).accessPage) },
    {
      method: 'POST',
      path: '/portal/patients/:id/launches',
      handle: patient(async () => (await portal()).startPortalLaunch),
    },
    ...taskRoutes(deps, 'portal'),
  ]
}

function taskRoutes(deps: EhrDeps, place: TaskPlace): Route[] {
  return [
    {
      method: 'GET',
      path: `/${place}/tasks`,
      handle: enter(deps, place, async (visit) => (await tasks()).tasksPage(deps, visit, place)),
    },
    {
      method: 'POST',
      path: `/${place}/tasks/:id/launches`,
      handle: enter(deps, place, async (visit) => (await tasks()).startTaskLaunch(deps, visit, place)),
    },
  ]
}

function launcherRoutes(deps: EhrDeps): Route[] {
  const { sandbox } = deps
  if (!sandbox) return []
  const anyone = (handle: (visit: Visit) => Promise<HttpReply>) => enter(deps, 'launcher', handle)
  return [
    {
      method: 'GET',
      path: '/launcher',
      handle: async (request) => (await import('./pages/launcher.ts')).launcherPage(deps, sandbox, request),
    },
    {
      method: 'GET',
      path: '/launcher/launch',
      handle: anyone(async (visit) => (await sharedLaunch()).sharedLaunchPage(deps, sandbox, visit)),
    },
    {
      method: 'POST',
      path: '/launcher/launch',
      handle: anyone(async (visit) => (await sharedLaunch()).startSharedLaunch(deps, visit)),
    },
  ]
}
