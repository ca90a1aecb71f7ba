/** Checkpoints of the audit log: C2SP tlog-checkpoint in a C2SP signed-note with one Ed25519 signature. */
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** What a checkpoint says. */
export interface TreeHead {
  /** `host[:port]/audit` of the log. */
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/** signed-note, "Signature types": Ed25519 over the text. */
const ED25519 = 1
const KEY_ID_BYTES = 4
const PUBLIC_KEY_BYTES = 32
const NOTE = /^(\S+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— (\S+) ([A-Za-z0-9+/]{91}=)\n$/u
const KEY_LINE = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/u

/** The name of the log and of its key. */
export function logOrigin(origin: string): string {
  return `${new URL(origin).host}/audit`
}

/** @param key Ed25519 */
export function signNote(head: TreeHead, key: KeyObject): string {
  const { origin, size, root } = head
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`
  const id = keyId(origin, rawPublicKey(key))
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`
}

/** Undefined for what is no checkpoint. Whoever has no key may read it, and not believe it. */
export function readNote(note: string): TreeHead | undefined {
  const [, origin = '', size = '', root = '', name = '', signature = ''] = NOTE.exec(note) ?? []
  if (origin === '' || name !== origin || !isCanonical(root) || !isCanonical(signature)) return
  if (!Number.isSafeInteger(Number(size))) return
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') }
}

/** The tree head, if this key signed the note as the log that it names. */
export function openNote(note: string, publicKey: Uint8Array): TreeHead | undefined {
  const head = readNote(note)
  if (head === undefined) return
  const end = note.lastIndexOf('\n\n') + 1
  const signature = Buffer.from(note.trimEnd().split(' ').at(-1) ?? '', 'base64')
  if (!signature.subarray(0, KEY_ID_BYTES).equals(keyId(head.origin, publicKey))) return
  const text = Buffer.from(note.slice(0, end))
  return verify(null, text, publicKeyOf(publicKey), signature.subarray(KEY_ID_BYTES))
    ? head
    : undefined
}

/** The public key as one line of text: `<name>+<key id>+<base64(type ‖ key)>`. */
export function writeKeyLine(name: string, publicKey: Buffer): string {
  const typed = Buffer.concat([Uint8Array.of(ED25519), publicKey])
  return `${name}+${keyId(name, publicKey).toString('hex')}+${typed.toString('base64')}`
}

/** The 32 bytes of the key; undefined for anything else. */
export function readKeyLine(line: string): Buffer | undefined {
  const [, name = '', id = '', typed = ''] = KEY_LINE.exec(line.trim()) ?? []
  const bytes = Buffer.from(typed, 'base64')
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES || bytes[0] !== ED25519) return
  const key = bytes.subarray(1)
  return keyId(name, key).toString('hex') === id ? key : undefined
}

export function rawPublicKey(key: KeyObject): Buffer {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url')
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
}

function keyId(name: string, publicKey: Uint8Array): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ED25519))
  return hash.update(publicKey).digest().subarray(0, KEY_ID_BYTES)
}

// One text for the same bytes, or a note could be altered without a trace.
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text
}
