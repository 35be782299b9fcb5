/** Labels as operations take them. */

/** The Parameters of `$meta-add` and `$meta-delete`. */
export function metaOf(meta: object): object {
  return { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] }
}
