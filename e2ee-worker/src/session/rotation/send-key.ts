/** Gives our sender key to members: encoded once, sealed for each, sent together. */
import { DATA } from '../../keys/frame-metadata.ts'
import { encodeControl, type Control } from '../../messages/control.ts'
import { permits } from '../../trust/token.ts'
import type { SessionContext } from '../context.ts'
import type { Member } from '../members/member.ts'
import type { KeyToSend } from './pending-key.ts'

export async function sendKey(
  { me, members, opening, outbox }: Pick<SessionContext, 'me' | 'members' | 'opening' | 'outbox'>,
  recipients: readonly Member[],
  { streams, ...key }: KeyToSend,
): Promise<void> {
  // After a right was taken back the page needs a moment to stop; the others must not take that for cheating.
  const permitted = streams.filter((stream) => permits(me.credential.claims, stream))
  const message: Control = {
    // Whoever holds the key may read what we write from now on, whether or not we send media.
    ...{ type: 'sender-key', ...key, streams: [...permitted, DATA], ackWanted: true },
    timeMs: opening.time.now(),
    rosterDigest: await members.digest(),
    rosterCount: members.present,
  }
  const plaintext = encodeControl(message)
  try {
    for (const member of recipients) {
      outbox.add(member.memberId, await member.sealEncoded(message, plaintext))
    }
  } finally {
    plaintext.fill(0)
    outbox.flush()
  }
}

/** A newcomer shows our video from its first key frame on, so the encoder is asked for one. */
export function wantKeyFrames({ rotation, emit }: Pick<SessionContext, 'rotation' | 'emit'>): void {
  for (const { idx, kind } of rotation.streams) {
    if (kind !== 'video' && kind !== 'screen') continue
    emit({ type: 'key-frame-wanted', streamIdx: idx })
  }
}
