/** The certificate and key files of the TLS port, checked before anything uses them. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
  /** The server's own, without those of the authorities that signed it. */
  readonly certificate: X509Certificate
}

export interface TlsPaths {
  readonly tlsCertFile: string
  readonly tlsKeyFile: string
}

class TlsFileError extends Error {
  override readonly name = 'TlsFileError'
}

/** @throws {TlsFileError} with a sentence that names the file, its setting and what is wrong with it. */
export function readTls(paths: TlsPaths): TlsFiles {
  const certName = `The TLS certificate file ${paths.tlsCertFile} (HC_TLS_CERT)`
  const keyName = `The TLS key file ${paths.tlsKeyFile} (HC_TLS_KEY)`
  const cert = read(paths.tlsCertFile, certName)
  const key = read(paths.tlsKeyFile, keyName)
  const certificate = firstCertificate(cert, certName)
  if (!certificate.checkPrivateKey(privateKey(key, keyName))) {
    throw new TlsFileError(`${keyName} does not belong to the certificate ${paths.tlsCertFile}.`)
  }
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    const { message } = cause as Error
    throw new TlsFileError(`${certName} cannot be used with its key: ${message}.`, { cause })
  }
  return { cert, key, certificate }
}

function read(path: string, name: string): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new TlsFileError(`${name} cannot be read: ${reasonOf(cause)}.`, { cause })
  }
  if (bytes.toString('latin1').trim() === '') throw new TlsFileError(`${name} is empty.`)
  return bytes
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'it does not exist'
  if (code === 'EACCES') return 'this user may not read it'
  if (code === 'EISDIR') return 'it is a folder'
  return message
}

/** The server's own; the ones of the authorities that signed it follow and are checked for shape only. */
function firstCertificate(bytes: Buffer, name: string): X509Certificate {
  const blocks = pemBlocks(bytes, name).filter((block) => block.includes('BEGIN CERTIFICATE-----'))
  const all = blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch (cause) {
      throw new TlsFileError(`${name} is damaged: a certificate in it cannot be read.`, { cause })
    }
  })
  const [first] = all
  if (first === undefined) throw new TlsFileError(`${name} holds no certificate in PEM form.`)
  return first
}

function privateKey(bytes: Buffer, name: string): KeyObject {
  const block = pemBlocks(bytes, name).find((one) => one.includes('PRIVATE KEY-----'))
  if (block === undefined) throw new TlsFileError(`${name} holds no private key in PEM form.`)
  if (block.includes('ENCRYPTED')) {
    throw new TlsFileError(`${name} is protected by a passphrase. Store it without one.`)
  }
  try {
    return createPrivateKey(block)
  } catch (cause) {
    throw new TlsFileError(`${name} is damaged: the private key in it cannot be read.`, { cause })
  }
}

function pemBlocks(bytes: Buffer, name: string): string[] {
  const text = bytes.toString('latin1')
  const blocks = text.match(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g) ?? []
  const begun = text.match(/-----BEGIN /g) ?? []
  if (begun.length > blocks.length) throw new TlsFileError(`${name} is cut off.`)
  return blocks
}
