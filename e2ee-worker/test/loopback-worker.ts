/** Both ends of one sender key in one worker, for a loopback call: the page says which, and hears what became of the frames. */
import { MemberKeys } from '../src/keys/member-keys.ts'
import { SendChain } from '../src/keys/send-chain.ts'
import { Sender } from '../src/keys/sender.ts'
import type { Codec, MemberId, StreamDescriptor } from '../src/protocol.ts'
import { attachDecrypt, type DecryptTransform } from '../src/transform/decrypt-stream.ts'
import type { EncodedFrame, Transformer } from '../src/transform/encoded.ts'
import { attachEncrypt, type EncryptTransform } from '../src/transform/encrypt-stream.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const now = () => performance.now()

const sender = new Sender()
const keys = new MemberKeys(ALICE, now)
let encrypting: EncryptTransform | null = null
let decrypting: DecryptTransform | null = null

/** Sound only: every frame before and behind each transform, in hexadecimal. */
const seen = {
  encoded: [] as string[],
  sealed: [] as string[],
  received: [] as string[],
  opened: [] as string[],
}

function streamOf(codec: Codec): StreamDescriptor {
  return codec === 'opus' ? { idx: 0, kind: 'audio', codec } : { idx: 1, kind: 'video', codec }
}

/** The same streams, with the sound that goes in and what comes out written down. */
function watch(transformer: Transformer, before: string[], behind: string[]): Transformer {
  const noting = (list: string[]) =>
    new TransformStream<EncodedFrame, EncodedFrame>({
      transform: (frame, out) => {
        list.push(hex(frame.data))
        out.enqueue(frame)
      },
    })
  const exit = noting(behind)
  void exit.readable.pipeTo(transformer.writable).catch(() => undefined)
  return { readable: transformer.readable.pipeThrough(noting(before)), writable: exit.writable }
}

const hex = (data: ArrayBuffer) =>
  [...new Uint8Array(data)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const scope = globalThis as unknown as {
  onrtctransform: (event: RTCTransformEvent) => void
}

scope.onrtctransform = ({ transformer }) => {
  const { dir, codec } = transformer.options as { dir: string; codec: Codec }
  const stream = streamOf(codec)
  if (dir === 'encrypt') {
    const frames = codec === 'opus' ? watch(transformer, seen.encoded, seen.sealed) : transformer
    encrypting = attachEncrypt(frames, { sender, stream, note: () => undefined, now })
    return
  }
  const frames = codec === 'opus' ? watch(transformer, seen.received, seen.opened) : transformer
  decrypting = attachDecrypt(frames, {
    consumerId: 'loopback',
    owner: ALICE,
    kind: stream.kind,
    memberKeys: () => keys,
    note: () => undefined,
    onState: () => undefined,
    now,
  })
}

onmessage = async ({ data }: MessageEvent<{ ask: 'key' | 'ratchet' | 'stats'; codec: Codec }>) => {
  if (data.ask === 'key') {
    const chain = await SendChain.create((sender.current?.gen ?? -1) + 1, ALICE)
    const streams = [streamOf(data.codec)]
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
    seen,
  })
}
