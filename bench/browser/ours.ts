/** Huisclos's own transforms with real keys, exactly as its worker attaches them. */
import { MemberKeys } from '../../e2ee-worker/src/keys/member-keys.ts'
import { toHex } from '../../e2ee-worker/src/wire.ts'
import { SendChain } from '../../e2ee-worker/src/keys/send-chain.ts'
import { Sender } from '../../e2ee-worker/src/keys/sender.ts'
import type { MemberId, StreamDescriptor } from '../../e2ee-worker/src/protocol.ts'
import { attachDecrypt } from '../../e2ee-worker/src/transform/decrypt-stream.ts'
import { attachEncrypt } from '../../e2ee-worker/src/transform/encrypt-stream.ts'
import { StreamLane } from './lane.ts'
import { answer } from './party.ts'

const STREAMS = {
  audio: { idx: 0, kind: 'audio', codec: 'opus' },
  video: { idx: 1, kind: 'video', codec: 'vp8' },
} as const satisfies Record<string, StreamDescriptor>

const now = () => performance.now()
// A refused frame never comes out, so the round would never end: better to say why.
const note = (code: string) => {
  throw new Error(`a frame was refused: ${code}`)
}

interface Member {
  readonly sender: Sender
  readonly keys: MemberKeys
}

const members = new Map<number, Promise<Member>>()

function memberOf(number: number): Promise<Member> {
  const member = members.get(number) ?? enter(number)
  members.set(number, member)
  return member
}

async function enter(number: number): Promise<Member> {
  const memberId = toHex(new Uint8Array(16).fill(number + 1)) as MemberId
  const sender = new Sender()
  const keys = new MemberKeys(memberId, now)
  const chain = await SendChain.create(0, memberId)
  keys.accept({ gen: 0, step: 0, baseKey: chain.baseKey(), streams: Object.values(STREAMS) })
  sender.current = chain
  return { sender, keys }
}

answer({
  async open(number, kind) {
    const { sender, keys } = await memberOf(number)
    const encrypt = new StreamLane()
    attachEncrypt(encrypt.transformer, { sender, stream: STREAMS[kind], note, now })
    const decrypt = new StreamLane()
    attachDecrypt(decrypt.transformer, {
      ...{ consumerId: `${number} ${kind}`, owner: String(number), kind, note, now },
      memberKeys: () => keys,
      onState: () => undefined,
    })
    return { encrypt, decrypt }
  },
})
