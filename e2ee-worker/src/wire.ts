/**
 * Reads and writes the fields of E2EE1 messages: big-endian integers, fixed runs of bytes, and `vec` (u16 length || bytes).
 */
import { E2eeError } from './errors.ts'

/** Bytes with their own buffer, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Takes a message apart; every read past the end is E_SHORT. What it returns are copies. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  /** A byte that is 0 or 1. */
  bit(): 0 | 1 {
    const value = this.u8()
    if (value !== 0 && value !== 1) throw new E2eeError('E_LEN')
    return value
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  /** A u64 that must fit a Number exactly; sequence numbers and times never need more. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8))
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new E2eeError('E_LEN')
    return Number(value)
  }

  bytes(length: number): Bytes {
    const start = this.#advance(length)
    return this.#bytes.slice(start, start + length)
  }

  vec(): Bytes {
    return this.bytes(this.u16())
  }

  /** @throws E2eeError E_TRAILING when something is left over. */
  end(): void {
    if (this.#at !== this.#bytes.byteLength) throw new E2eeError('E_TRAILING')
  }

  #advance(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.byteLength) throw new E2eeError('E_SHORT')
    this.#at = start + length
    return start
  }
}

export function u8(value: number): Bytes {
  return Uint8Array.of(value)
}

export function u16(value: number): Bytes {
  const out = new Uint8Array(2)
  new DataView(out.buffer).setUint16(0, value)
  return out
}

export function u32(value: number): Bytes {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value)
  return out
}

export function u64(value: number): Bytes {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt(value))
  return out
}

/** @throws E2eeError E_LEN when the bytes do not fit a u16 length. */
export function vec(bytes: Uint8Array): Bytes {
  if (bytes.byteLength > 0xffff) throw new E2eeError('E_LEN')
  return join(u16(bytes.byteLength), bytes)
}

/** ASCII or UTF-8 text as bytes; labels carry their own ending zero. */
export function text(value: string): Bytes {
  return new TextEncoder().encode(value)
}

export function join(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.byteLength
  }
  return out
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += HEX[byte] ?? ''
  return out
}

/** @throws E2eeError E_LEN unless the text is exactly `length` bytes of lower-case hex. */
export function fromHex(value: string, length: number): Bytes {
  if (value.length !== length * 2) throw new E2eeError('E_LEN')
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i++) out[i] = (digit(value, 2 * i) << 4) | digit(value, 2 * i + 1)
  return out
}

function digit(value: string, at: number): number {
  const code = value.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10
  throw new E2eeError('E_LEN')
}

/** Public values only: it stops at the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i])
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)))
}
