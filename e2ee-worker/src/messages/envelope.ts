/**
 * The envelope: one sealed message from one member to one other.
 *
 * hdr      = u8 2 || u8 1 || from[16] || to[16] || u32 ek_epoch_from || u32 ek_epoch_to || u64 seq || vec(kem_ct)
 * ENVELOPE = hdr || vec(AES-256-GCM(K(from->to), IV XOR u64(seq), aad = hdr, plaintext))
 */
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { KEM_CT_BYTES } from '../keys/kem.ts'
import type { PairKey } from '../keys/pair.ts'
import { Reader, fromHex, join, toHex, u32, u64, u8, vec, type Bytes } from '../wire.ts'

export const MSG_ENVELOPE = 2
const MAX_ENVELOPE_BYTES = 65_536
const VERSION = 1
const TAG_BYTES = 16
/** After u8 2, u8 1, both ids and both epochs. */
const SEQ_AT = 42

export interface EnvelopeHeader {
  readonly from: MemberId
  readonly to: MemberId
  readonly epochFrom: number
  readonly epochTo: number
  readonly seq: number
  /** Empty in suite 1; 1088 bytes in suite 2 until the first KEY_ACK. */
  readonly kemCt: Bytes
}

export interface Envelope extends EnvelopeHeader {
  readonly header: Bytes
  readonly ciphertext: Bytes
}

/** @throws E2eeError E_LEN, E_SHORT, E_TRAILING or E_VERSION. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.byteLength > MAX_ENVELOPE_BYTES) throw new E2eeError('E_LEN')
  const reader = new Reader(bytes)
  if (reader.u8() !== MSG_ENVELOPE || reader.u8() !== VERSION) throw new E2eeError('E_VERSION')
  const fields = {
    from: toHex(reader.bytes(16)) as MemberId,
    to: toHex(reader.bytes(16)) as MemberId,
    epochFrom: reader.u32(),
    epochTo: reader.u32(),
    seq: reader.u64(),
    kemCt: reader.vec(),
  }
  if (fields.kemCt.byteLength !== 0 && fields.kemCt.byteLength !== KEM_CT_BYTES) {
    throw new E2eeError('E_LEN')
  }
  const header = bytes.slice(0, reader.at)
  const ciphertext = reader.vec()
  reader.end()
  if (ciphertext.byteLength < TAG_BYTES) throw new E2eeError('E_SHORT')
  return { ...fields, header, ciphertext }
}

/** The sending end of one pair key; the only place that hands out its sequence numbers. */
export class SendPair {
  readonly #pair: PairKey
  readonly #route: Omit<EnvelopeHeader, 'seq'>
  /** Of sequence number 0. A change of keys makes one for every member, and only the number differs. */
  #header: Bytes
  #seq = 0

  constructor(pair: PairKey, route: Omit<EnvelopeHeader, 'seq'>) {
    this.#pair = pair
    this.#route = route
    this.#header = encodeHeader({ ...route, seq: 0 })
  }

  /** The receiver holds this pair key: it needs the KEM ciphertext no longer. */
  confirmed(): void {
    this.#header = encodeHeader({ ...this.#route, kemCt: new Uint8Array(0), seq: 0 })
  }

  /** The plaintext has been read when this returns its promise. */
  async seal(plaintext: Bytes): Promise<Bytes> {
    const seq = this.#seq++
    const header = this.#header.slice()
    new DataView(header.buffer).setBigUint64(SEQ_AT, BigInt(seq))
    const algorithm = { name: 'AES-GCM', iv: nonceFor(this.#pair.iv, seq), additionalData: header }
    const sealed = await crypto.subtle.encrypt(algorithm, this.#pair.key, plaintext)
    return join(header, vec(new Uint8Array(sealed)))
  }
}

/** The receiving end of one pair key: opens each sequence number at most once, and only forwards. */
export class ReceivePair {
  readonly #pair: PairKey
  #last = -1

  constructor(pair: PairKey) {
    this.#pair = pair
  }

  /**
   * `missed` says how many envelopes the TCS lost before this one.
   * @throws E2eeError E_ENV_REPLAY or E_ENV_AUTH; the state is then unchanged.
   */
  async open(envelope: Envelope): Promise<{ readonly plaintext: Bytes; readonly missed: number }> {
    if (envelope.seq <= this.#last) throw new E2eeError('E_ENV_REPLAY')
    const plaintext = await this.#decrypt(envelope)
    const missed = envelope.seq - this.#last - 1
    this.#last = envelope.seq
    return { plaintext, missed }
  }

  async #decrypt({ seq, header, ciphertext }: Envelope): Promise<Bytes> {
    const algorithm = { name: 'AES-GCM', iv: nonceFor(this.#pair.iv, seq), additionalData: header }
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#pair.key, ciphertext))
    } catch (cause) {
      throw new E2eeError('E_ENV_AUTH', { cause })
    }
  }
}

function encodeHeader(fields: EnvelopeHeader): Bytes {
  return join(
    u8(MSG_ENVELOPE),
    u8(VERSION),
    fromHex(fields.from, 16),
    fromHex(fields.to, 16),
    u32(fields.epochFrom),
    u32(fields.epochTo),
    u64(fields.seq),
    vec(fields.kemCt),
  )
}

/** IV XOR u64(seq) in the low 8 bytes. */
function nonceFor(iv: Bytes, seq: number): Bytes {
  const nonce = iv.slice()
  const view = new DataView(nonce.buffer)
  view.setBigUint64(4, view.getBigUint64(4) ^ BigInt(seq))
  return nonce
}
