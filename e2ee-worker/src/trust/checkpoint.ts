/** Checkpoints of a TMMS's audit log: C2SP tlog-checkpoint in a C2SP signed-note with one Ed25519 signature. */
import { E2eeError } from '../errors.ts'
import { sameBytes, sha256, text, type Bytes } from '../wire.ts'
import type { TreeSize } from './consistency.ts'

const MAX_NOTE_CHARS = 1024
const NOTE = /^(\S+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— (\S+) ([A-Za-z0-9+/]{91}=)\n$/u
/** signed-note, "Signature types". */
const ED25519 = 1
const KEY_ID_BYTES = 4

/** The name of the log of this origin, and of its key. */
export function logName(origin: string): string {
  return `${new URL(origin).host}/audit`
}

/**
 * What the checkpoint says, if one of `keys` (32 bytes each) signed it as the log `name`; else undefined.
 * @throws E2eeError E_INTERNAL in a browser without Ed25519
 */
export async function openCheckpoint(
  note: string,
  keys: readonly Bytes[],
  name: string,
): Promise<TreeSize | undefined> {
  const head = readCheckpoint(note, name)
  if (head === undefined) return undefined
  const signed = fromBase64(note.trimEnd().split(' ').at(-1) ?? '')
  const body = text(note.slice(0, note.lastIndexOf('\n\n') + 1))
  for (const key of keys) {
    const id = (await sha256(text(`${name}\n`), Uint8Array.of(ED25519), key)).slice(0, KEY_ID_BYTES)
    if (!sameBytes(id, signed.slice(0, KEY_ID_BYTES))) continue
    if (await isSigned(key, signed.slice(KEY_ID_BYTES), body)) return head
  }
  return undefined
}

/** What it says, whoever says so: for what was verified before it was kept. */
export function readCheckpoint(note: string, name: string): TreeSize | undefined {
  if (note.length > MAX_NOTE_CHARS) return undefined
  const [, origin, size, root = '', signer, signature = ''] = NOTE.exec(note) ?? []
  if (origin !== name || signer !== name) return undefined
  if (!isCanonical(root) || !isCanonical(signature) || !Number.isSafeInteger(Number(size))) return
  return { size: Number(size), root: fromBase64(root) }
}

/** Hashes of a proof; undefined when one is none. */
export function readHashes(hashes: readonly unknown[]): readonly Bytes[] | undefined {
  const fit = hashes.filter((hash) => typeof hash === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(hash))
  if (fit.length !== hashes.length) return undefined
  return fit.map((hash) => fromBase64(hash as string))
}

async function isSigned(key: Bytes, signature: Bytes, body: Bytes): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, signature, body)
  } catch (cause) {
    throw new E2eeError('E_INTERNAL', { cause })
  }
}

function fromBase64(value: string): Bytes {
  return Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
}

// One text for the same bytes.
function isCanonical(value: string): boolean {
  return btoa(String.fromCharCode(...fromBase64(value))) === value
}
