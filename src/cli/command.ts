/** Runs one command on its arguments; resolves to the exit code: 0 done, 1 something failed, 2 not understood or a setting that cannot be used. */
export type Command = (args: readonly string[]) => Promise<number>
