import type { Adapter, AdapterPayload } from 'oidc-provider'

/** State in plain maps, so that nothing but the library itself is measured. */
export function createMemoryAdapter(): new (name: string) => Adapter {
  const byGrant = new Map<string, Set<string>>()
  const kept = new Map<string, AdapterPayload>()
  return class implements Adapter {
    readonly name: string
    constructor(name: string) {
      this.name = name
    }
    async upsert(id: string, payload: AdapterPayload): Promise<void> {
      const key = `${this.name}:${id}`
      kept.set(key, payload)
      if (payload.grantId === undefined) return
      byGrant.set(payload.grantId, (byGrant.get(payload.grantId) ?? new Set()).add(key))
    }
    async find(id: string): Promise<AdapterPayload | undefined> {
      return kept.get(`${this.name}:${id}`)
    }
    async findByUid(): Promise<undefined> {
      return undefined
    }
    async findByUserCode(): Promise<undefined> {
      return undefined
    }
    async consume(id: string): Promise<void> {
      const payload = kept.get(`${this.name}:${id}`)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    }
    async destroy(id: string): Promise<void> {
      kept.delete(`${this.name}:${id}`)
    }
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const key of byGrant.get(grantId) ?? []) kept.delete(key)
      byGrant.delete(grantId)
    }
  }
}
