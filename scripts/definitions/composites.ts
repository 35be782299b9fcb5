/**
 * Composite search parameters: values that stand together in one element, as parameters within that element.
 */
import type { Elements } from './elements.ts'
import { type ElementPath, reduceExpression } from './expression.ts'
import type { SearchParameter } from './source.ts'

export interface CompiledComponent {
  readonly type: string
  readonly paths: readonly ElementPath[]
  /** Whether the paths start at the resource and not at the element. */
  readonly root?: true
}

export interface CompiledComposite {
  /** Parameters that hold together because a resource has each of their elements once. */
  readonly together?: readonly string[]
  /** Elements, and the parts to be found in each. */
  readonly groups?: readonly { readonly path: string; readonly parts: readonly CompiledComponent[] }[]
}

type Published = NonNullable<SearchParameter['component']>[number]

const ofResource = '%resource.'

/** Compiles a composite of a type; `byUrl` finds the parameters that its parts name. */
export function compileComposite(
  parameter: SearchParameter,
  type: string,
  byUrl: ReadonlyMap<string, SearchParameter>,
  elements: Elements,
): CompiledComposite | undefined {
  const components = parameter.component ?? []
  const paths = reduceExpression(parameter.expression ?? '', type, elements)
  if (!paths?.length || components.length === 0) return undefined
  const groups = paths
    .filter(({ path }) => path !== '')
    .map(({ path, as }) => ({
      path,
      parts: components.map((part) => compilePart(part, type, as, byUrl, elements)),
    }))
  return {
    ...(paths.some(({ path }) => path === '') && {
      together: components.map(({ definition }) => codeOf(definition, byUrl)),
    }),
    ...(groups.length > 0 && { groups }),
  }
}

/** `combo-code` looks into components too; together with the resource's own value it is the resource's own code that counts. */
function codeOf(definition: string, byUrl: ReadonlyMap<string, SearchParameter>): string {
  const code = byUrl.get(definition)?.code
  if (!code) throw new Error(`no search parameter ${definition}`)
  return code.replace(/^combo-/, '')
}

function compilePart(
  { definition, expression }: Published,
  type: string,
  element: string,
  byUrl: ReadonlyMap<string, SearchParameter>,
  elements: Elements,
): CompiledComponent {
  const root = expression.startsWith(ofResource)
  const below = root ? `${type}.${expression.slice(ofResource.length)}` : rooted(expression, element)
  const paths = reduceExpression(below, root ? type : element, elements)
  if (!paths?.length) throw new Error(`no path for ${expression} of ${element}`)
  return { type: typeOf(byUrl.get(definition)?.type, paths), paths, ...(root && { root }) }
}

function rooted(expression: string, element: string): string {
  return expression
    .split('|')
    .map((part) => `${element}.${part.trim()}`)
    .join(' | ')
}

/** One composite names its parts the wrong way round: what the elements are says more than what the parts are called. */
function typeOf(published: string | undefined, paths: readonly ElementPath[]): string {
  if (paths.every(({ as }) => as === 'Reference')) return 'reference'
  if (paths.every(({ as }) => as === 'code')) return 'token'
  return published ?? 'token'
}
