/** What a tile says about its person: why nothing is shown, what is waited for, or what is doubtful. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import type { PeerView } from '../../../call/people/peer-view.ts'
import { m } from '../../../paraglide/messages.js'
import { wordUnopened } from '../../../call/outcome/wording.ts'

interface TileMessage {
  readonly text: string
  /** Something is wrong: it covers whatever picture there is. */
  readonly alarming: boolean
  readonly code: E2eeCode | null
}

type Seen = Pick<PeerView, 'presence' | 'pending' | 'verification' | 'audio' | 'video'>

/** What stands in place of the picture, or null. */
export function messageOf(peer: Seen, name: string): TileMessage | null {
  if (peer.presence === 'connecting') return null
  if (peer.presence === 'reconnecting')
    return { text: m.call_peer_reconnecting({ name }), alarming: false, code: null }
  const trouble = troubleOf(peer, name)
  if (trouble !== null) return { ...trouble, alarming: true }
  // A picture or voice that plays is not covered because the other one is still to come.
  const nothing = playing(peer.video) === null && playing(peer.audio) === null
  if (peer.pending && nothing) return { text: m.call_connecting(), alarming: false, code: null }
  return playing(peer.video)?.state === 'waiting'
    ? { text: m.call_waiting_key({ name }), alarming: false, code: null }
    : null
}

/** What is to be known of a picture or voice that is nevertheless given, or null. */
export function cautionOf(peer: Seen, name: string): string | null {
  if (peer.presence !== 'present') return null
  const streams = [playing(peer.video), playing(peer.audio)]
  if (streams.some((stream) => stream?.authenticity === 'unvouched'))
    return m.tile_unvouched({ name })
  return streams.some((stream) => stream?.delayed === true) ? m.tile_delayed({ name }) : null
}

function troubleOf(
  { verification, ...streams }: Seen,
  name: string,
): Omit<TileMessage, 'alarming'> | null {
  if (verification === 'changed') return { text: m.tile_blocked(), code: 'E_IK_CHANGED' }
  const [video, audio] = [playing(streams.video), playing(streams.audio)]
  if (video?.authenticity === 'forged' || audio?.authenticity === 'forged')
    return { text: m.tile_forged({ name }), code: 'E_VOUCH' }
  if (video?.state === 'cannot-decrypt')
    return { text: wordUnopened('video', video.code, name), code: video.code }
  if (audio?.state === 'cannot-decrypt')
    return { text: wordUnopened('audio', audio.code, name), code: audio.code }
  return null
}

/** What its owner has paused neither arrives late nor cannot be opened. */
function playing<T extends { readonly paused: boolean }>(stream: T | null): T | null {
  return stream !== null && !stream.paused ? stream : null
}
