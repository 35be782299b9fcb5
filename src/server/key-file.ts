/** The file beside an embedded store that holds the key of its signing keys: its owner's alone, made on the first start, and there for good. */
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEncryptionKey } from '../config/signing-keys.ts'
import { SECRET_BOX_KEY_BYTES } from '../store/secret-box.ts'
import { makeFolder } from '../store/sqlite/folder.ts'

const name = 'signing-keys.key'
const ownerOnly = 0o600
const others = 0o077

/** Where it lies. */
export function keyFileIn(folder: string): string {
  return join(folder, name)
}

/** The key in a file; nothing when there is no such file. Throws when what is in it is no key. */
export async function readKeyFile(file: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isCoded(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    return parseEncryptionKey(text)
  } catch (error) {
    throw new Error(`${file}: the key ${error instanceof Error ? error.message : ''}`, { cause: error })
  }
}

/** The key beside the store, where there is one. A damaged one is not replaced: what it closed could never be opened again. */
export async function readKeyBeside(folder: string): Promise<Uint8Array | undefined> {
  const file = keyFileIn(folder)
  try {
    return await readKeyFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error
    throw new Error(`${file} is damaged: put it back from a backup of this folder`, { cause: error })
  }
}

/** The key beside the store, made when there is none: whole and on the disk before anything is encrypted with it. */
export async function makeKeyFile(folder: string): Promise<Uint8Array> {
  makeFolder(folder)
  const file = keyFileIn(folder)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', ownerOnly)
  try {
    await handle.writeFile(`${randomBytes(SECRET_BOX_KEY_BYTES).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // Of two processes that start at once one makes the key that both use.
    await link(draft, file)
    await syncFolder(folder)
  } catch (error) {
    if (!isCoded(error, 'EEXIST')) throw error
  } finally {
    await rm(draft)
  }
  const key = await readKeyFile(file)
  if (!key) throw new Error(`${file} was made and is not there`)
  return key
}

/** Whether others than its owner may read the file; where files have no modes, nobody is told to. */
export async function isOpenToOthers(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & others) !== 0
}

async function syncFolder(folder: string): Promise<void> {
  // A name is on the disk when its folder is; where folders cannot be opened, the system sees to it.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
