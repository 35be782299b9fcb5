/** What reads and checks JOSE objects of others, loaded with the first of them; what is ours is made and checked without it (docs/adr/0005). */

type Jose = typeof import('jose')

let loading: Promise<Jose> | undefined

/** `jose`, loaded once; asked for again it costs as much as a promise that is kept. */
export function loadJose(): Promise<Jose> {
  loading ??= import('jose')
  return loading
}
