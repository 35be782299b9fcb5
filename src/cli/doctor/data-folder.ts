/** Whether the folder of the embedded store is closed to everybody but those who run the server. */
import { stat } from 'node:fs/promises'
import type { Check } from './check.ts'

const forOthers = 0o007
const forGroup = 0o070

/** The check of a folder; where files have no modes there is nothing to find. */
export function dataFolderCheck(folder: string): Check {
  return {
    name: 'data folder',
    async run() {
      if (process.platform === 'win32') return { ok: true, detail: 'permissions are not checked on Windows' }
      const { mode } = await stat(folder)
      if (mode & forOthers)
        return { ok: false, detail: `every account of this machine may enter ${folder}: chmod 700 it` }
      return { ok: true, detail: mode & forGroup ? 'open to its owner and group' : 'open to its owner alone' }
    },
  }
}
