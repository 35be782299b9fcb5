import type { launcher as english } from '../messages.en/launcher.ts'

/** The launch builder. */
export const launcher = {} satisfies typeof english
