/** HTTPS without a proxy: TLS 1.2 or later, forward secrecy and authenticated ciphers only. @see CAUTH-22, BKND-06; RFC 9325 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'

/** A certificate with its chain, and its private key, both as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** What Node's TLS server is told. */
export function tlsOptions({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true }
}

/** Which of the two files cannot be used, and why; nothing when they are a pair. */
export function problemOfCertificate(
  certificate: Certificate,
): { readonly file: keyof Certificate; readonly problem: string } | undefined {
  const { cert, key } = certificate
  if (!fits({ cert })) return { file: 'cert', problem: 'has no certificate in PEM form' }
  if (!fits({ key }))
    return { file: 'key', problem: 'has no private key in PEM form, or one with a passphrase' }
  return isPair(certificate) && fits(tlsOptions(certificate))
    ? undefined
    : { file: 'key', problem: 'is not the private key of the certificate' }
}

/** OpenSSL keeps a key of another kind beside the certificate without a word, and then no connection can be made. */
function isPair({ cert, key }: Certificate): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
}

function fits(options: SecureContextOptions): boolean {
  try {
    createSecureContext(options)
    return true
  } catch {
    return false
  }
}
