/** A real TCS in a process of its own, which counts the bytes that pass through its sockets. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import pino from 'pino'
import { createTcs, type Tcs, type TcsOptions } from '@huisclos/sfu/app'
import { Identity } from '@huisclos/sfu/identity'
import { answerParent } from './process.ts'

type JWK = ReturnType<TcsOptions['tokenKeys']>['keys'][number]

export interface TcsCommands {
  open: {
    request: { readonly origin: string; readonly tokenJwk: JWK }
    reply: { readonly url: string; readonly identity: JWK & { kid: string } }
  }
  /** Bytes in and out so far. */
  bytes: { request: null; reply: number }
  /** Ends the media worker, which would outlive this process. */
  close: { request: null; reply: null }
}

const http = createServer((_request, response) => response.writeHead(404).end())
const sockets = new Set<Socket>()
let endedBytes = 0
let tcs: Tcs | null = null

http.on('connection', (socket: Socket) => {
  sockets.add(socket)
  socket.on('close', () => {
    sockets.delete(socket)
    endedBytes += bytesOf(socket)
  })
})

answerParent<TcsCommands>({
  async open({ origin, tokenJwk }) {
    const identity = await Identity.of(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    )
    const workerBin = process.env['HC_WORKER_BIN']
    tcs ??= await createTcs({
      ...{ httpServer: http, origin, identity, workers: 1, videoCodec: 'vp8' },
      tokenKeys: () => ({ keys: [tokenJwk] }),
      peerAddress: '198.51.100.1',
      relayUrls: [],
      revokeRelay: () => undefined,
      mintRelay: () => ({ username: '', credential: '', expiresAtMs: Date.now() + 3_600_000 }),
      logger: pino({ level: 'silent' }),
      ...(workerBin === undefined ? {} : { workerBin }),
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    return {
      url: `http://127.0.0.1:${port}`,
      identity: { ...identity.jwk, kid: identity.kid },
    }
  },
  bytes: () => [...sockets].reduce((sum, socket) => sum + bytesOf(socket), endedBytes),
  async close() {
    await tcs?.close()
    return null
  },
})

function bytesOf({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten
}
