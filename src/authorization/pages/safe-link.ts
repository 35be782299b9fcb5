/** An address that an app wrote down, where it can be neither a script nor plain traffic: over https, or on this server itself. */
export function safeLink(uri: string | undefined, baseUrl: string): string | undefined {
  if (!uri || !URL.canParse(uri)) return undefined
  const url = new URL(uri)
  return url.protocol === 'https:' || url.origin === new URL(baseUrl).origin ? url.href : undefined
}
