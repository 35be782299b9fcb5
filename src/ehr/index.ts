/** The EHR, the patient portal, the launch builder and the front door, as one table of routes. */
import type { Route } from '../http/route.ts'
import type { LaunchContext } from '../smart/context.ts'
import type { EhrDeps } from './deps.ts'
import { takeLaunch } from './launch.ts'
import { launchApiRoutes } from './launch-api/index.ts'
import { accessPage, recordAccessPage } from './pages/access.ts'
import { chartPage } from './pages/chart.ts'
import { framePage, startChartLaunch } from './pages/chart-launch.ts'
import { breakGlass } from './pages/emergency.ts'
import { launcherPage } from './pages/launcher.ts'
import { patientsPage } from './pages/patients.ts'
import { portalPage, portalRecordPage, startPortalLaunch } from './pages/portal.ts'
import { releaseResult } from './pages/release.ts'
import { sharedLaunchPage, startSharedLaunch } from './pages/shared-launch.ts'
import { startTaskLaunch, type TaskPlace, tasksPage } from './pages/tasks.ts'
import { enter, type Visit } from './pages/visit.ts'
import { welcomePage } from './pages/welcome.ts'
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

function welcomeRoute(deps: EhrDeps): Route {
  return { method: 'GET', path: '/', handle: (request) => welcomePage(deps, request) }
}

function ehrRoutes(deps: EhrDeps): Route[] {
  const clinician = (page: (deps: EhrDeps, visit: Visit) => ReturnType<typeof chartPage>) =>
    enter(deps, 'ehr', (visit) => page(deps, visit))
  return [
    { method: 'GET', path: '/ehr', handle: clinician(patientsPage) },
    { method: 'GET', path: '/ehr/patients/:id', handle: clinician(chartPage) },
    { method: 'POST', path: '/ehr/patients/:id/launches', handle: clinician(startChartLaunch) },
    { method: 'POST', path: '/ehr/patients/:id/releases', handle: clinician(releaseResult) },
    { method: 'POST', path: '/ehr/patients/:id/emergency', handle: clinician(breakGlass) },
    { method: 'GET', path: '/ehr/patients/:id/apps/:client', handle: clinician(framePage) },
    ...taskRoutes(deps, 'ehr'),
  ]
}

function portalRoutes(deps: EhrDeps): Route[] {
  const patient = (page: (deps: EhrDeps, visit: Visit) => ReturnType<typeof portalPage>) =>
    enter(deps, 'portal', (visit) => page(deps, visit))
  return [
    { method: 'GET', path: '/portal', handle: patient(portalPage) },
    { method: 'GET', path: '/portal/patients/:id', handle: patient(portalRecordPage) },
    { method: 'GET', path: '/portal/patients/:id/access', handle: patient(recordAccessPage) },
    { method: 'GET', path: '/account/access', handle: patient(accessPage) },
    { method: 'POST', path: '/portal/patients/:id/launches', handle: patient(startPortalLaunch) },
    ...taskRoutes(deps, 'portal'),
  ]
}

function taskRoutes(deps: EhrDeps, place: TaskPlace): Route[] {
  return [
    {
      method: 'GET',
      path: `/${place}/tasks`,
      handle: enter(deps, place, (visit) => tasksPage(deps, visit, place)),
    },
    {
      method: 'POST',
      path: `/${place}/tasks/:id/launches`,
      handle: enter(deps, place, (visit) => startTaskLaunch(deps, visit, place)),
    },
  ]
}

function launcherRoutes(deps: EhrDeps): Route[] {
  const { sandbox } = deps
  if (!sandbox) return []
  const anyone = (handle: (visit: Visit) => ReturnType<typeof sharedLaunchPage>) =>
    enter(deps, 'launcher', handle)
  return [
    { method: 'GET', path: '/launcher', handle: (request) => launcherPage(deps, sandbox, request) },
    {
      method: 'GET',
      path: '/launcher/launch',
      handle: anyone((visit) => sharedLaunchPage(deps, sandbox, visit)),
    },
    { method: 'POST', path: '/launcher/launch', handle: anyone((visit) => startSharedLaunch(deps, visit)) },
  ]
}
