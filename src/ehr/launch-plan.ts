/** What the launch builder builds: a launch as values of a form, and as the link that shares it. */
import type { Params } from '../http/params.ts'
import { type FhirContextItem, type LaunchContext, problemsOf } from '../smart/context.ts'
import type { SandboxAccount, SandboxRole } from './deps.ts'
import { contextOf, fhirContextOf, fhirContextShape } from './launch-context-shape.ts'
import type { AppSummary, EhrUser } from './ports.ts'

/** The launches of LNCH-10, by where they begin. */
export type LaunchKind = 'ehr' | 'portal' | 'standalone'

/** A launch as it was asked for; whatever was left open is absent. */
export interface LaunchPlan {
  readonly app?: string | undefined
  readonly launchUrl?: string | undefined
  readonly kind: LaunchKind
  /** An account name; whoever opens the link if absent. */
  readonly user?: string | undefined
  readonly patient?: string | undefined
  readonly encounter?: string | undefined
  readonly intent?: string | undefined
  /** Items of `fhirContext`, as JSON. */
  readonly fhirContext?: string | undefined
  readonly style?: string | undefined
  readonly tenant?: string | undefined
  readonly appContext?: string | undefined
  readonly banner: boolean
}

/** Why a plan is no launch. */
export type PlanProblem =
  | 'no-app'
  | 'unknown-app'
  | 'no-launch-address'
  | 'wrong-user'
  | 'no-patient'
  | 'bad-fhir-context'
  | 'bad-context'

/** Reads a plan from a query or form; it takes any text, `problemOf` judges it. */
export function parsePlan(values: Params): LaunchPlan {
  const kind = values.get('kind')
  return {
    app: values.get('client'),
    launchUrl: values.get('launch_url')?.trim(),
    kind: kind === 'portal' || kind === 'standalone' ? kind : 'ehr',
    user: values.get('user'),
    patient: values.get('patient')?.trim(),
    encounter: values.get('encounter')?.trim(),
    intent: values.get('intent')?.trim(),
    fhirContext: values.get('fhir_context')?.trim(),
    style: values.get('smart_style_url')?.trim(),
    tenant: values.get('tenant')?.trim(),
    appContext: values.get('app_context')?.trim(),
    banner: values.get('banner') === 'true',
  }
}

/** The registered app of a plan: by client id, else by the exact launch address. */
export function appOf(plan: LaunchPlan, apps: readonly AppSummary[]): AppSummary | undefined {
  return apps.find(({ clientId, launchUrl }) =>
    plan.app === undefined ? launchUrl !== undefined && launchUrl === plan.launchUrl : clientId === plan.app,
  )
}

/** What keeps a plan from being launched; nothing when it can be. */
export function problemOf(
  plan: LaunchPlan,
  app: AppSummary | undefined,
  accounts: readonly SandboxAccount[],
): PlanProblem | undefined {
  if (plan.app === undefined && plan.launchUrl === undefined) return 'no-app'
  if (!app) return 'unknown-app'
  if (plan.kind === 'standalone') return undefined
  if (app.launchUrl === undefined) return 'no-launch-address'
  const account = accounts.find(({ username }) => username === plan.user)
  if (account && kindOf(account.role) !== kindFor(plan.kind)) return 'wrong-user'
  if (plan.encounter !== undefined && plan.patient === undefined) return 'no-patient'
  const context = planContext(plan, plan.patient)
  if (!context) return 'bad-fhir-context'
  return problemsOf(context).length > 0 ? 'bad-context' : undefined
}

/** What a plan tells the app about this patient; nothing when its `fhirContext` is no such JSON. */
export function planContext(plan: LaunchPlan, patient: string | undefined): LaunchContext | undefined {
  const { encounter, intent, style, tenant, appContext, banner } = plan
  const items = plan.fhirContext === undefined ? [] : parseItems(plan.fhirContext)
  if (!items) return undefined
  return contextOf({
    patient,
    encounter,
    intent,
    tenant,
    appContext,
    smartStyleUrl: style,
    fhirContext: items.length > 0 ? items : undefined,
    needPatientBanner: banner,
  })
}

function parseItems(text: string): readonly FhirContextItem[] | undefined {
  try {
    return fhirContextOf(fhirContextShape.parse(JSON.parse(text)))
  } catch {
    return undefined
  }
}

/** The query of the link that shares a plan. */
export function planQuery(plan: LaunchPlan, clientId: string): URLSearchParams {
  const { kind, user, patient, encounter, intent, fhirContext, style, tenant, appContext, banner } = plan
  const query = new URLSearchParams({ client: clientId, kind })
  const given = {
    user,
    patient,
    encounter,
    intent,
    fhir_context: fhirContext,
    smart_style_url: style,
    tenant,
    app_context: appContext,
  }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.append(name, value)
  if (banner) query.append('banner', 'true')
  return query
}

/** Who can make launches of a kind. */
export function kindFor(kind: Exclude<LaunchKind, 'standalone'>): EhrUser['kind'] {
  return kind === 'ehr' ? 'clinician' : 'patient'
}

function kindOf(role: SandboxRole): EhrUser['kind'] {
  if (role === 'administrator') return 'other'
  return role === 'physician' || role === 'nurse' ? 'clinician' : 'patient'
}
