/** Frames as members of a test network seal, forge and open them. */
import { codeOf } from '../src/errors.ts'
import { frameMetadata } from '../src/keys/frame-metadata.ts'
import { encodeKid } from '../src/keys/kid.ts'
import type { StreamDescriptor, StreamKind } from '../src/protocol.ts'
import { sframe } from '../src/sframe/cipher.ts'
import { fromHex, join, type Bytes } from '../src/wire.ts'
import { VIDEO, type Node } from './network.ts'

/** A frame on its way, with what a receiver must be told to open it. */
export interface Frame {
  readonly owner: string
  readonly kind: StreamKind
  readonly prefix: Bytes
  readonly body: Bytes
}

export async function sealFrame(node: Node, stream = VIDEO, content = 'picture'): Promise<Frame> {
  const prefix = prefixOf(stream)
  const plaintext = new TextEncoder().encode(content).buffer
  const wire = await node.session.sender.seal(stream, prefix, plaintext)
  const body = wire.slice(prefix.length)
  return { owner: node.id, kind: stream.kind, prefix, body }
}

/** What any member can seal who holds the sender key of `node`, so many steps ahead of it. */
export async function forgeFrame(
  node: Node,
  { stream = VIDEO, ctr = 0, ahead = 0, content = 'forged' },
): Promise<Frame> {
  const chain = node.session.sender.current!
  let baseKey = chain.baseKey()
  for (let step = 0; step < ahead; step++) baseKey = await sframe.ratchetBaseKey(baseKey)
  const kid = encodeKid(chain.gen, stream.idx, chain.step + ahead)
  const key = await sframe.deriveFrameKey(baseKey, kid, 'encrypt')
  const prefix = prefixOf(stream)
  const metadata = frameMetadata(fromHex(node.id, 16), stream.kind, stream.codec, prefix)
  const plaintext = new TextEncoder().encode(content).buffer
  const { header, body } = await sframe.seal(key, BigInt(ctr), metadata, plaintext)
  return { owner: node.id, kind: stream.kind, prefix, body: join(header, body) }
}

function prefixOf({ kind }: StreamDescriptor): Bytes {
  return kind === 'video' ? Uint8Array.of(0x31) : new Uint8Array(0)
}

/** The content, or the code that a receiver refuses the frame with. */
export async function openFrame(node: Node, frame: Frame): Promise<string> {
  const keys = node.session.keysOf(frame.owner)
  if (keys === null) return 'not a member'
  return keys
    .open(frame.body, frame.kind, frame.prefix)
    .then((plaintext) => new TextDecoder().decode(plaintext), codeOf)
}
