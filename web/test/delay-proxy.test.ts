/** The network of end-to-end tests and benchmarks: as TCP, it hands over what was sent in the order it was sent. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DelayProxy } from '../e2e/delay-proxy.ts'

const CHUNKS = 200

it('what is sent first arrives first, also when the delay becomes shorter meanwhile', async () => {
  const sink = createServer()
  await new Promise<void>((listening) => sink.listen(0, '127.0.0.1', listening))
  const proxy = await DelayProxy.open()
  proxy.target = (sink.address() as AddressInfo).port
  try {
    const reached = once(sink, 'connection')
    const client = connect({ port: Number(new URL(proxy.origin).port), noDelay: true })
    const [arriving] = (await reached) as [NodeJS.ReadableStream]
    // The proxy ends by a reset.
    for (const end of [client, arriving]) end.on('error', () => undefined)
    const arrived: number[] = []
    const all = new Promise<void>((there) => {
      arriving.on('data', (bytes: Buffer) => {
        if (arrived.push(...bytes) >= CHUNKS) there()
      })
    })
    const sent = Array.from({ length: CHUNKS }, (_, index) => index)
    for (const byte of sent) {
      // Long, then short, then long again.
      proxy.network = { rttMs: byte % 20 < 10 ? 50 : 0, loss: 0 }
      client.write(Buffer.of(byte))
      await setTimeout(1)
    }
    await all
    expect(arrived).toEqual(sent)
  } finally {
    await proxy.close()
    sink.close()
  }
})
