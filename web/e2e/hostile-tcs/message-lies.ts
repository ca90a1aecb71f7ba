/** Lies in what is said end to end: HELLOs, envelopes and broadcasts changed, lost, repeated or out of order. */
import { createHash } from 'node:crypto'
import { isAbout, type Attacker, type AttackerKey } from './attacker.ts'
import type { Kind, Lies, Target } from './commands.ts'
import type { Lie, Told } from './wire.ts'

const HELLO = 1
const BROADCAST = 3
const POINT_BYTES = 65
/** u8 3 || u8 1 || from[16] || u64 seq || u8 type */
const BROADCAST_TYPE_AT = 26
/** Long enough for a next message to come, short enough for a person who waits. */
const HOLD_MS = 400

type KeyMessage = Extract<Told, { type: 'e2ee-message' }>

export function swapEk(attacker: Attacker, target: Target): Lie {
  return changed(attacker, { ...target, kind: HELLO }, (bytes) => {
    const { ekAt } = layoutOf(bytes)
    attacker.key.point.copy(bytes, ekAt)
    return [bytes]
  })
}

/** The attacker's device key in place of the member's, and everything signed anew with it. */
export function swapIk(attacker: Attacker, target: Target): Lie {
  return changed(attacker, { ...target, kind: HELLO }, (bytes) => {
    attacker.key.point.copy(bytes, layoutOf(bytes).ikAt)
    return [signedAnew(bytes, attacker.key)]
  })
}

/** Suite 1, and no KEM key, as if its sender had never offered one. */
export function downgrade(attacker: Attacker, target: Target): Lie {
  return changed(attacker, { ...target, kind: HELLO }, (bytes) => {
    const kemAt = layoutOf(bytes).ekAt + POINT_BYTES
    bytes.writeUInt16BE(1, 2)
    const rest = bytes.subarray(kemAt + 2 + bytes.readUInt16BE(kemAt))
    return [Buffer.concat([bytes.subarray(0, kemAt), Buffer.alloc(2), rest])]
  })
}

export function flipBits(attacker: Attacker, target: Lies['flip-bits']): Lie {
  let at = 0
  return changed(attacker, target, (bytes) => {
    // Another place each time, always in the second half: the first bytes say who it is from and for whom.
    const index = bytes.length - 1 - ((at++ * 7) % Math.floor(bytes.length / 2))
    bytes[index] = (bytes[index] ?? 0) ^ 0x10
    return [bytes]
  })
}

export function duplicate(attacker: Attacker, target: Lies['duplicate']): Lie {
  return changed(attacker, target, (bytes) => [bytes, bytes])
}

export function drop(attacker: Attacker, target: Lies['drop']): Lie {
  return changed(attacker, target, () => [])
}

export function reorder(attacker: Attacker, target: Lies['reorder']): Lie {
  const { wire } = attacker
  let held: { readonly told: KeyMessage; readonly late: NodeJS.Timeout } | undefined
  return {
    told: (told) => {
      if (!isOf(attacker, told, target)) return [told]
      if (held !== undefined) {
        const { told: earlier, late } = held
        clearTimeout(late)
        held = undefined
        return [told, earlier]
      }
      const late = setTimeout(() => {
        held = undefined
        wire.tell(told)
      }, HOLD_MS)
      held = { told, late }
      return []
    },
  }
}

export function restamp(attacker: Attacker, { as, ...target }: Lies['restamp']): Lie {
  const { parties } = attacker.wire
  return {
    told: (told) => {
      if (!isOf(attacker, told, target)) return [told]
      const from = parties.find(target.mid, as).peerId
      return [{ ...told, payload: { ...told.payload, from } }]
    },
  }
}

export function replay({ wire }: Attacker, { mid, victim, about, ...kind }: Lies['replay']): void {
  const { parties } = wire
  const from = parties.find(mid, about)
  const to = parties.find(mid, victim ?? '')
  for (const { bytes } of parties.delivered(from, to)) {
    if (isKind(bytes, kind))
      wire.tell({ to, type: 'e2ee-message', payload: { from: from.peerId, bytes } })
  }
}

export function reflect({ wire }: Attacker, { mid, victim }: Lies['reflect']): void {
  const to = wire.parties.find(mid, victim)
  const { peerId } = to
  for (const { from, bytes } of wire.parties.record)
    if (from === peerId) wire.tell({ to, type: 'e2ee-message', payload: { from, bytes } })
}

function changed(
  attacker: Attacker,
  target: Target & Kind,
  change: (bytes: Buffer) => readonly Buffer[],
): Lie {
  return {
    told: (told) => {
      if (!isOf(attacker, told, target)) return [told]
      const copy = Buffer.from(told.payload.bytes)
      return change(copy).map((bytes) => ({ ...told, payload: { ...told.payload, bytes } }))
    },
  }
}

function isOf(attacker: Attacker, told: Told, target: Target & Kind): told is KeyMessage {
  return (
    told.type === 'e2ee-message' &&
    isAbout(attacker, told, target) &&
    isKind(told.payload.bytes, target)
  )
}

function isKind(bytes: Uint8Array, { kind, broadcast }: Kind): boolean {
  if (broadcast === undefined) return kind === undefined || bytes[0] === kind
  return bytes[0] === BROADCAST && bytes[BROADCAST_TYPE_AT] === broadcast
}

/** u8 1 || u8 1 || u16 suite || vec(token) || ik_pub[65] || nonce[32] || u32 ek_epoch || ek_pub[65] || ... */
function layoutOf(hello: Buffer): { ikAt: number; ekAt: number } {
  const ikAt = 6 + hello.readUInt16BE(4)
  return { ikAt, ekAt: ikAt + POINT_BYTES + 32 + 4 }
}

function signedAnew(hello: Buffer, key: AttackerKey): Buffer {
  const body = hello.subarray(0, -64)
  return Buffer.concat([body, key.sign(Buffer.concat([Buffer.from('E2EE1 hello\0'), body]))])
}

/** Nobody's member id, but one that looks like any other. */
export function madeUpId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 32)
}
