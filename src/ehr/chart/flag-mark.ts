import type { Html } from '../../http/html.ts'
import { chip } from '../../ui/parts.ts'
import type { Flag } from './flag.ts'
import type { ChartWords } from './section.ts'

const grave: ReadonlySet<Flag> = new Set(['very-high', 'very-low', 'critical'])

/** A mark for a value that is not as usual; none for one that is. */
export function flagMark(flag: Flag | undefined, words: ChartWords): Html | false {
  return (
    flag !== undefined && flag !== 'normal' && chip(words.flags[flag], grave.has(flag) ? 'danger' : 'warning')
  )
}
