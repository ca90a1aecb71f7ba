/** A member who hands the keys it was given to the TCS: together they can seal frames in another member's name. */
import type { MemberId } from '../../../e2ee-worker/src/protocol.ts'
import { frameMetadata } from '../../../e2ee-worker/src/keys/frame-metadata.ts'
import { encodeKid } from '../../../e2ee-worker/src/keys/kid.ts'
import { MemberKeys, type ReceivedKey } from '../../../e2ee-worker/src/keys/member-keys.ts'
import { fromHex, join } from '../../../e2ee-worker/src/wire.ts'
import { sframe } from '../../../e2ee-worker/src/sframe/cipher.ts'
import { decodeHeader } from '../../../e2ee-worker/src/sframe/header.ts'
import type { Guest } from './guest.ts'
import { SILENCE } from './packets.ts'

const AUDIO_STREAM = 0

/** Keys as they were told, before the honest code puts them where nothing can be read. */
const told = new WeakMap<MemberKeys, ReceivedKey>()

type Accept = (this: MemberKeys, key: ReceivedKey) => void
const prototype = MemberKeys.prototype as { accept: Accept }
const { accept } = prototype
prototype.accept = function (key) {
  told.set(this, { ...key, baseKey: key.baseKey.slice() })
  accept.call(this, key)
}

interface Forgery {
  readonly firstCtr: number
  readonly count: number
  /** Steps beyond the one that the insider was told. */
  readonly ahead?: number
}

/** Frames of silence in the name of `victim`, under its own key, with counters from `firstCtr` on. */
export async function forgeVoice(
  insider: Guest,
  victim: MemberId,
  { firstCtr, count, ahead = 0 }: Forgery,
): Promise<string[]> {
  const { gen, step, baseKey: given } = keyOf(insider, victim)
  let baseKey: Uint8Array<ArrayBuffer> = Uint8Array.from(given)
  for (let n = 0; n < ahead; n++) baseKey = await sframe.ratchetBaseKey(baseKey)
  const kid = encodeKid(gen, AUDIO_STREAM, step + ahead)
  const frameKey = await sframe.deriveFrameKey(baseKey, kid, 'encrypt')
  const metadata = frameMetadata(fromHex(victim, 16), 'audio', 'opus', new Uint8Array(0))
  const frames: string[] = []
  for (let ctr = firstCtr; ctr < firstCtr + count; ctr++) {
    const silence = Uint8Array.from(SILENCE)
    const { header, body } = await sframe.seal(frameKey, BigInt(ctr), metadata, silence)
    frames.push(Buffer.from(join(header, body)).toString('base64'))
  }
  return frames
}

/** The counter of a frame, which is there for everybody to read; null when it is under another key than was told. */
export function counterOf(frame: Buffer, insider: Guest, victim: MemberId): number | null {
  const { kid, ctr } = decodeHeader(Uint8Array.from(frame))
  const { gen, step } = keyOf(insider, victim)
  return kid === encodeKid(gen, AUDIO_STREAM, step) ? Number(ctr) : null
}

function keyOf(insider: Guest, victim: MemberId): ReceivedKey {
  const keys = insider.session.keysOf(victim)
  const key = keys === null ? undefined : told.get(keys)
  if (key === undefined) throw new Error('The insider was given no key of this member')
  return key
}
