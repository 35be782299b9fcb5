/** Files from the disk as routes: typed, with an ETag over their content, read once until they change. */
import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { mediaTypeOf } from './media-types.ts'
import { RequestError } from './request-error.ts'
import type { Cors, HttpReply, HttpRequest, PagePolicy, Route } from './route.ts'

const KEPT_FILES = 256
/** A browser asks again each time, and gets 304 while nothing changed. */
const ALWAYS_ASK = 'no-cache'

/** How files are served. */
export interface StaticOptions {
  /** `Cache-Control`; default `no-cache`. */
  readonly cacheControl?: string
  readonly cors?: Cors
  /** For pages among the files. */
  readonly policy?: PagePolicy
}

interface KeptFile {
  readonly changed: number
  readonly size: number
  readonly body: Buffer
  readonly etag: string
}

/** Serves everything below `folder` under `prefix` (`/apps`); a folder's `index.html` answers for the folder. */
export function staticFolder(prefix: string, folder: string, options: StaticOptions = {}): Route[] {
  const load = createLoader()
  return [
    {
      method: 'GET',
      path: `${prefix}/*`,
      cors: options.cors ?? 'none',
      handle: async (request) => {
        const names = parseNames(request.rest)
        const file = names && (await insideOf(folder, names))
        return replyWith(request, file ? await load(file) : undefined, file ?? '', options)
      },
    },
  ]
}

/** Serves one file at one address. */
export function staticFile(path: string, file: string, options: StaticOptions = {}): Route {
  const load = createLoader()
  return {
    method: 'GET',
    path,
    cors: options.cors ?? 'none',
    handle: async (request) => replyWith(request, await load(file), file, options),
  }
}

/** The names between the slashes; nothing when one of them is hidden, leads upwards, or is not plain text. */
function parseNames(rest: string): string[] | undefined {
  let names: string[]
  try {
    names = rest.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
  if (names.at(-1) === '') names[names.length - 1] = 'index.html'
  return names.every((name) => /^[^./\\\0][^/\\\0]*$/.test(name)) ? names : undefined
}

/** The file's real path, links followed; nothing when there is none or it lies outside of the folder. */
async function insideOf(folder: string, names: string[]): Promise<string | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, ...names))])
    return file.startsWith(root + sep) ? file : undefined
  } catch {
    return undefined
  }
}

function createLoader(): (file: string) => Promise<KeptFile | undefined> {
  const kept = new Map<string, KeptFile>()
  return async (file) => {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) return undefined
    const known = kept.get(file)
    if (known && known.changed === found.mtimeMs && known.size === found.size) return known
    const body = await readFile(file)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    const fresh = { changed: found.mtimeMs, size: found.size, body, etag }
    if (kept.size >= KEPT_FILES) kept.delete(kept.keys().next().value ?? '')
    kept.set(file, fresh)
    return fresh
  }
}

function replyWith(
  request: HttpRequest,
  kept: KeptFile | undefined,
  file: string,
  options: StaticOptions,
): HttpReply {
  if (kept === undefined) throw new RequestError(404, 'There is nothing at this address.')
  const headers = { etag: kept.etag, 'cache-control': options.cacheControl ?? ALWAYS_ASK }
  if (namesTag(request.headers['if-none-match'], kept.etag)) return { status: 304, headers }
  const type = mediaTypeOf(file)
  const reply = { status: 200, headers: { ...headers, 'content-type': type }, body: kept.body }
  return type.startsWith('text/html') ? { ...reply, policy: options.policy ?? {} } : reply
}

function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
