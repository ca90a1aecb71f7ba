/**
 * SFrame frame in, encoded frame out, or nothing. A frame that does not open never reaches a decoder.
 */
import { E2eeError, codeOf } from '../errors.ts'
import type { MemberKeys } from '../keys/member-keys.ts'
import type { TransformStats } from '../calls.ts'
import type { E2eeCode, StreamKind } from '../protocol.ts'
import { clearPrefixLength } from './clear-bytes.ts'
import { pipeFrames, type EncodedFrame, type Transformer } from './encoded.ts'
import { KeyFrameRequests } from './key-frame-requests.ts'
import { MediaHealth, type MediaState } from './media-health.ts'
import { Tally } from './tally.ts'

type Keys = Pick<MemberKeys, 'open' | 'codecOf'>

export interface DecryptDeps {
  readonly consumerId: string
  /** The member the page believes owns the consumer; the wrong one opens nothing. */
  readonly owner: string
  readonly kind: StreamKind
  /** Asked for every frame, because members and their keys come and go. */
  memberKeys(owner: string): Keys | null
  /** A frame was refused for this reason; called at most once per second and code. */
  note(code: E2eeCode): void
  onState(state: MediaState, code: E2eeCode | null): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface DecryptTransform {
  stats(): TransformStats
  readonly state: MediaState
  /** New keys of the owner came: pictures lost before them need a key frame. */
  keysArrived(): void
  /** Settles when the pipe ends; it never rejects. */
  readonly ended: Promise<void>
}

type Opened = Uint8Array<ArrayBuffer> | E2eeCode | null

export function attachDecrypt(transformer: Transformer, deps: DecryptDeps): DecryptTransform {
  const { consumerId, owner, kind } = deps
  const now = () => deps.now()
  const tally = new Tally(now, (code) => deps.note(code))
  const health = new MediaHealth(now, (state, code) => deps.onState(state, code))
  const keyFrames = new KeyFrameRequests(transformer, now)
  const moving = kind === 'video' || kind === 'screen'

  function passed(frame: EncodedFrame): void {
    tally.pass()
    health.opened()
    if (!moving) return
    if (frame.type === 'key') keyFrames.satisfied()
    else keyFrames.ask()
  }

  function refused(code: E2eeCode): void {
    // Receivers are handed the same frame several times; a repetition is refused, but it is no alarm.
    if (code === 'E_FRAME_REPLAY') {
      tally.ignore()
      return
    }
    tally.refuse(code)
    health.refused(code)
    if (moving) keyFrames.want()
  }

  /** The encoder's bytes, why there are none, or null: nothing to open. */
  async function begin({ data }: EncodedFrame): Promise<Opened> {
    if (data.byteLength === 0) return null
    try {
      return await openFrame(deps.memberKeys(owner), kind, data)
    } catch (error) {
      return codeOf(error)
    }
  }

  function finish(frame: EncodedFrame, opened: Opened): boolean {
    if (opened === null) tally.ignore()
    else if (typeof opened === 'string') refused(opened)
    else {
      frame.data = opened.buffer
      passed(frame)
      return true
    }
    return false
  }

  const ended = pipeFrames(transformer, { begin, finish })
  return {
    ended,
    stats: () => tally.stats('decrypt', consumerId),
    get state() {
      return health.state
    },
    keysArrived: () => keyFrames.ask(),
  }
}

function openFrame(
  keys: Keys | null,
  kind: StreamKind,
  data: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const codec = keys?.codecOf(kind)
  if (!keys || !codec) throw new E2eeError('E_NO_KEY')
  const wire = new Uint8Array(data)
  const length = clearPrefixLength(codec, wire)
  if (length === null) throw new E2eeError('E_SHORT')
  return keys.open(wire.subarray(length), kind, wire.subarray(0, length))
}
