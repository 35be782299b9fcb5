/** The token of an `Authorization: Bearer` header; nothing when there is none, or it has another form. @see RFC 6750 §2.1 */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? '')?.[1]
}
