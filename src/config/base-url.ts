/** What the outside calls a server that was told nothing else. */
export function defaultBaseUrl(port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://localhost:${port}`
}
