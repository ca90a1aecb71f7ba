/**
 * Secrets as files: read only in the shape in which they were written, for their owner alone. Whatever is wrong with
 * one is said in a sentence that names the file and what to do (O2 of docs/abuse-cases.md).
 */
import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { TmmsError } from '../errors.ts'
import { writeWhole } from './durable.ts'

const SECRET = /^[A-Za-z0-9_-]{43}\n?$/
const SECRET_BYTES = 32
const OTHERS = 0o077
const RESTORE = 'restore it from a backup of the data folder'

/** 32 bytes as base64url. */
export function readSecret(path: string): Buffer {
  const text = readPrivately(path).toString('latin1')
  const bytes = Buffer.from(text, 'base64url')
  if (SECRET.test(text) && bytes.length === SECRET_BYTES) return bytes
  throw damaged(path, 'it should hold 43 characters of base64url')
}

export function makeSecret(path: string): void {
  writeWhole(path, randomBytes(SECRET_BYTES).toString('base64url'))
}

/** A PKCS #8 PEM of a P-256 key. */
export function readPrivateKey(path: string): KeyObject {
  const key = readPem(path)
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  throw damaged(path, 'its key should be on the curve P-256')
}

/** A PKCS #8 PEM of an Ed25519 key. */
export function readEd25519Key(path: string): KeyObject {
  const key = readPem(path)
  if (key.asymmetricKeyType === 'ed25519') return key
  throw damaged(path, 'its key should be one of Ed25519')
}

function readPem(path: string): KeyObject {
  const pem = readPrivately(path)
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw damaged(path, 'it should hold a private key in PEM form', cause)
  }
}

/** @throws {TmmsError} `unavailable` */
export function readPrivately(path: string): Buffer {
  try {
    keepPrivate(path, 0o600)
    return readFileSync(path)
  } catch (cause) {
    if (cause instanceof TmmsError) throw cause
    const { code = '' } = cause as { code?: string }
    throw new TmmsError('unavailable', `${path} cannot be read (${code}): ${RESTORE}.`, { cause })
  }
}

/** Takes from everybody else what they may do with it. */
export function keepPrivate(path: string, mode: 0o600 | 0o700): void {
  if ((statSync(path).mode & OTHERS) === 0) return
  try {
    chmodSync(path, mode)
  } catch (cause) {
    const remedy = `run "chmod ${mode.toString(8)} ${path}" as its owner`
    throw new TmmsError('unavailable', `Others can read ${path}: ${remedy}.`, { cause })
  }
}

export function damaged(path: string, why: string, cause?: unknown): TmmsError {
  return new TmmsError('unavailable', `${path} is damaged (${why}): ${RESTORE}.`, { cause })
}

/** Of another installation, or swapped with another file. */
export function foreign(path: string): TmmsError {
  const sentence = `${path} is not the file that this server used before, or the database is not: restore both from the same backup of the data folder.`
  return new TmmsError('unavailable', sentence)
}

export function missing(path: string, need = 'there are accounts that need it'): TmmsError {
  const sentence = `${path} is missing, and ${need}: ${RESTORE}.`
  return new TmmsError('unavailable', sentence)
}
