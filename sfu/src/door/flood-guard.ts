/** Counts every packet of every connection before anything reads it, proven or not, and cuts off those that flood. */
import type { Server } from 'socket.io'
import { TokenBucket } from '../bucket.ts'
import type { Limits } from '../limits.ts'

/** The part of an engine.io socket that is used here. */
interface Connection {
  on(event: 'packet', listener: (packet: { data?: string | Uint8Array }) => void): unknown
  write(message: string): unknown
  close(): void
}

// How socket.io writes an event of the main namespace (protocol revision 5); the sender may not even have got that far.
const GOODBYE = '2["event","goodbye",{"code":"too-many-messages"}]'

export function guardConnections(
  engine: Server['engine'],
  limits: Limits,
  now: () => number,
): void {
  engine.on('connection', (connection: Connection) => {
    const messages = new TokenBucket(limits.messages, now())
    const bytes = new TokenBucket(limits.bytes, now())
    let cut = false
    connection.on('packet', ({ data }) => {
      if (cut || (messages.take(1, now()) && bytes.take(data?.length ?? 0, now()))) return
      cut = true
      connection.write(GOODBYE)
      connection.close()
    })
  })
}
