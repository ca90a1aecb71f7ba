/** Puts a sealed frame together as it goes on the wire: clear prefix || SFrame header || ciphertext || tag. */
import type { Bytes } from '../wire.ts'

/** From here on, growing the ciphertext's own buffer beats a new one, which the engine would fill with zeros first. */
const TRANSFER_FROM_BYTES = 4096

/** `body` must own its whole buffer and is not usable afterwards. */
export function assemble(clearPrefix: Uint8Array, header: Uint8Array, body: Bytes): Bytes {
  const bodyAt = clearPrefix.byteLength + header.byteLength
  const wire = withRoom(body, bodyAt)
  wire.set(clearPrefix)
  wire.set(header, clearPrefix.byteLength)
  return wire
}

/** `body` with free bytes in front; `body` must own its whole buffer and is not usable afterwards. */
function withRoom(body: Bytes, room: number): Bytes {
  const { byteLength } = body
  if (byteLength < TRANSFER_FROM_BYTES) {
    const wire = new Uint8Array(room + byteLength)
    wire.set(body, room)
    return wire
  }
  const wire = new Uint8Array(body.buffer.transfer(room + byteLength))
  wire.copyWithin(room, 0, byteLength)
  return wire
}
