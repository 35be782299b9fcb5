import type { AdminApp, AppState } from './ports.ts'

export const appStates: readonly AppState[] = ['waiting', 'approved', 'disabled', 'refused']

/** The apps whose name, id or addresses contain the text, in that state; those that wait come first. */
export function findApps(apps: readonly AdminApp[], text: string, state: AppState | undefined): AdminApp[] {
  const wanted = text.trim().toLowerCase()
  const found = apps.filter((app) => (state === undefined || app.state === state) && tells(app, wanted))
  return found.toSorted(
    (a, b) => rank(a) - rank(b) || compare(a.metadata.client_name, b.metadata.client_name),
  )
}

function tells({ id, metadata }: AdminApp, wanted: string): boolean {
  const { client_name, redirect_uris, initiate_login_uri = '', client_uri = '' } = metadata
  return [id, client_name, ...redirect_uris, initiate_login_uri, client_uri].some((one) =>
    one.toLowerCase().includes(wanted),
  )
}

function rank({ state }: AdminApp): number {
  return appStates.indexOf(state)
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en')
}
