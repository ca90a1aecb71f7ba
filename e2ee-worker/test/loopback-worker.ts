/** Both ends of one sender key in one worker, for a loopback call: the page says which, and hears what became of the frames. */
import { MemberKeys } from '../src/keys/member-keys.ts'
import { SendChain, Sender } from '../src/keys/send-chain.ts'
import type { Codec, MemberId } from '../src/protocol.ts'
import { attachDecrypt, type DecryptTransform } from '../src/transform/decrypt-stream.ts'
import { attachEncrypt, type EncryptTransform } from '../src/transform/encrypt-stream.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const now = () => performance.now()

const sender = new Sender()
const keys = new MemberKeys(ALICE, now)
let encrypting: EncryptTransform | null = null
let decrypting: DecryptTransform | null = null

const scope = globalThis as unknown as {
  onrtctransform: (event: RTCTransformEvent) => void
}

scope.onrtctransform = ({ transformer }) => {
  const { dir, codec } = transformer.options as { dir: string; codec: Codec }
  const stream = { idx: 1, kind: 'video', codec } as const
  if (dir === 'encrypt') {
    encrypting = attachEncrypt(transformer, { sender, stream, note: () => undefined, now })
    return
  }
  decrypting = attachDecrypt(transformer, {
    consumerId: 'loopback',
    owner: ALICE,
    kind: 'video',
    memberKeys: () => keys,
    note: () => undefined,
    onState: () => undefined,
    now,
  })
}

onmessage = async ({ data }: MessageEvent<{ ask: 'key' | 'ratchet' | 'stats'; codec: Codec }>) => {
  if (data.ask === 'key') {
    const chain = await SendChain.create((sender.current?.gen ?? -1) + 1, ALICE)
    const streams = [{ idx: 1, kind: 'video', codec: data.codec } as const]
    keys.accept({ gen: chain.gen, step: 0, baseKey: chain.baseKey(), streams })
    sender.current = chain
    decrypting?.keysArrived()
  }
  if (data.ask === 'ratchet') await sender.current?.ratchet()
  postMessage({
    encrypt: encrypting?.stats() ?? null,
    decrypt: decrypting?.stats() ?? null,
    state: decrypting?.state ?? null,
    newest: keys.newest(),
  })
}
