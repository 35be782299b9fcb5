/**
 * What runs on the disk's own thread (see disk.ts): one descriptor after another is brought to the disk, and each is answered
 * with what went wrong, or nothing. JavaScript, because a thread begins without the means to strip types.
 */
import { fdatasyncSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

parentPort.on('message', (descriptor) => parentPort.postMessage(sync(descriptor)))

function sync(descriptor) {
  try {
    fdatasyncSync(descriptor)
    return null
  } catch (error) {
    // Of an error only its text would arrive.
    return { message: error.message, code: error.code }
  }
}
