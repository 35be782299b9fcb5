/** One thing that is looked at, and what was found. */
export interface Finding {
  readonly ok: boolean
  /** One sentence; it names no patient and no secret. */
  readonly detail: string
}

export interface Check {
  readonly name: string
  run(): Promise<Finding>
}

/** Runs a check; one that cannot be carried out has found something. */
export async function find({ name, run }: Check): Promise<Finding & { readonly name: string }> {
  try {
    return { name, ...(await run()) }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { name, ok: false, detail: `could not be checked: ${problem}` }
  }
}
