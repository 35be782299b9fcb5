/**
 * Enforces that a page link is opaque and good for one grant only: the search it continues is sealed with AES-256-GCM,
 * the caller's binding being part of what is authenticated. Decision and rights are made anew for every page.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Caller } from './request.ts'

/** What the next page needs: the search as it was asked, where to go on, and the total that was found. */
export interface Page {
  /** The resource type, with its compartment when there is one. */
  readonly of: string
  readonly parameters: readonly (readonly [string, string])[]
  readonly cursor: string
  readonly total?: number
}

export interface PageLinks {
  seal(page: Page, caller: Caller): string
  /** The page; nothing for a link that was changed, or made for somebody else. */
  open(token: string, caller: Caller): Page | undefined
}

const ivLength = 12
const tagLength = 16
/** More than a search can be long; a bound on what a hostile link may unpack to. */
const largestPage = 256 * 1024
/** Packing costs more than half of a search: only what would make a long address is worth it, in bytes. */
const worthPacking = 1024
const asIs = Buffer.from([0])
const packed = Buffer.from([1])

/** Makes the links of one server; every node that has the same secret reads them. */
export function createPageLinks(secret: string): PageLinks {
  const key = createHash('sha256').update(`chartkey page links\n${secret}`).digest()

  function seal(page: Page, caller: Caller): string {
    const iv = randomBytes(ivLength)
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bindingOf(caller))
    const sealed = Buffer.concat([cipher.update(pack(page)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  function open(token: string, caller: Caller): Page | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length <= ivLength + tagLength) return undefined
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), {
        authTagLength: tagLength,
      })
      decipher.setAAD(bindingOf(caller)).setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
      const plain = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()])
      return unpack(plain)
    } catch {
      return undefined
    }
  }

  return { seal, open }
}

function pack(page: Page): Buffer {
  const text = Buffer.from(JSON.stringify(page))
  return text.length < worthPacking
    ? Buffer.concat([asIs, text])
    : Buffer.concat([packed, deflateRawSync(text)])
}

function unpack(bytes: Buffer): Page {
  const content = bytes.subarray(1)
  const text = bytes[0] === asIs[0] ? content : inflateRawSync(content, { maxOutputLength: largestPage })
  return JSON.parse(text.toString()) as Page
}

/** The grant, so that a link outlives a refresh; app and account too, so that no two callers without one are alike. */
function bindingOf(caller: Caller): Buffer {
  return Buffer.from(JSON.stringify([caller.grantId ?? null, caller.clientId ?? null, caller.user ?? null]))
}
