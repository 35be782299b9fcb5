import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { LoadRefused } from './refusal.ts'

const unpack = promisify(gunzip)
/** A little under the longest text the runtime can hold. */
const TEXT_LIMIT_BYTES = 500 * 1024 * 1024

/** Reads a file as UTF-8 text, unpacked when its content (not its name) is gzip. Throws LoadRefused. */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file)
  const plain = isGzip(bytes) ? await gunzipped(bytes) : bytes
  if (plain.length > TEXT_LIMIT_BYTES) throw new LoadRefused('larger than 500 MB: split it')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    throw new LoadRefused('not UTF-8 text')
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'this file may not be read',
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new LoadRefused(FAILURES[code] ?? message)
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function gunzipped(bytes: Buffer): Promise<Buffer> {
  try {
    return await unpack(bytes, { maxOutputLength: TEXT_LIMIT_BYTES })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new LoadRefused(
      code === 'ERR_BUFFER_TOO_LARGE' ? 'larger than 500 MB unpacked: split it' : `damaged gzip: ${message}`,
    )
  }
}
