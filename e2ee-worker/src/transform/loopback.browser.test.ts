/** Real encoders, packetisers and decoders around the transforms: a call of a page with itself. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Codec, TransformStats } from '../protocol.ts'

interface Report {
  readonly encrypt: TransformStats | null
  readonly decrypt: TransformStats | null
  readonly state: string | null
  readonly newest: { readonly gen: number; readonly step: number } | null
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

describe.each(['vp8', 'vp9'] as const)('%s through the transforms', (codec) => {
  it('is sealed, opened and decoded, also over a ratchet step and a new generation', async () => {
    const call = await loopback(codec)
    await call.ask('key')
    const first = await call.until((decoded) => decoded > 10)
    await call.ask('ratchet')
    const second = await call.until((decoded) => decoded > first + 10)
    await call.ask('key')
    await call.until((decoded) => decoded > second + 10)
    const { encrypt, decrypt, state, newest } = await call.ask('stats')
    expect(newest).toEqual({ gen: 1, step: 0 })
    expect(state).toBe('decrypting')
    expect(decrypt?.refused).toEqual({})
    expect(encrypt!.passed).toBeGreaterThan(30)
    expect(decrypt!.passed).toBeGreaterThan(30)
  })

  it('P4 sends nothing at all while there is no key', async () => {
    const call = await loopback(codec)
    await vi.waitFor(
      async () => {
        const { encrypt } = await call.ask('stats')
        expect(encrypt?.refused.E_NO_KEY).toBeGreaterThan(5)
      },
      { timeout: 10_000 },
    )
    const { encrypt, decrypt } = await call.ask('stats')
    expect(encrypt?.passed).toBe(0)
    expect(decrypt?.passed).toBe(0)
    expect(await call.framesReceived()).toBe(0)
  })
})

async function loopback(codec: Codec) {
  const worker = new Worker(new URL('../../test/loopback-worker.ts', import.meta.url), {
    type: 'module',
  })
  // Chromium sends in clear when a transform comes late, unless the connection is told to wait for one.
  const config = { encodedInsertableStreams: true } as RTCConfiguration
  const [a, b] = [new RTCPeerConnection(config), new RTCPeerConnection(config)]
  const { track, stop } = movingPicture()
  closing.push(
    stop,
    () => a.close(),
    () => b.close(),
    () => worker.terminate(),
  )
  const transceiver = a.addTransceiver(track, { direction: 'sendonly' })
  transceiver.sender.transform = new RTCRtpScriptTransform(worker, { dir: 'encrypt', codec })
  const { codecs } = RTCRtpReceiver.getCapabilities('video')!
  const mime = `video/${codec}`
  transceiver.setCodecPreferences(codecs.filter((c) => c.mimeType.toLowerCase() === mime))
  a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined)
  b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined)
  b.ontrack = ({ receiver, streams, track }) => {
    receiver.transform = new RTCRtpScriptTransform(worker, { dir: 'decrypt', codec })
    show(streams[0] ?? new MediaStream([track]))
  }
  await a.setLocalDescription()
  await b.setRemoteDescription(a.localDescription!)
  await b.setLocalDescription()
  await a.setRemoteDescription(b.localDescription!)

  const ask = (what: 'key' | 'ratchet' | 'stats') =>
    new Promise<Report>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Report>) => resolve(data)
      worker.postMessage({ ask: what, codec })
    })
  const until = async (enough: (decoded: number) => boolean) => {
    let decoded = 0
    await vi.waitFor(
      async () => {
        decoded = (await inbound(b))?.framesDecoded ?? 0
        expect(decoded).toSatisfy(enough)
      },
      { timeout: 15_000 },
    )
    return decoded
  }
  return { ask, until, framesReceived: async () => (await inbound(b))?.framesReceived ?? 0 }
}

async function inbound(connection: RTCPeerConnection) {
  for (const stats of (
    await connection.getStats()
  ).values() as Iterable<RTCInboundRtpStreamStats>) {
    if (stats.type === 'inbound-rtp') return stats
  }
  return null
}

function show(stream: MediaStream): void {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  document.body.append(video)
  closing.push(() => video.remove())
  // Taking the element away at the end aborts a start that is still waiting for its first frame.
  video.play().catch(() => undefined)
}

function movingPicture() {
  const canvas = document.createElement('canvas')
  canvas.width = 320
  canvas.height = 240
  const context = canvas.getContext('2d')!
  let frame = 0
  const timer = setInterval(() => {
    context.fillStyle = `hsl(${String(frame * 7)} 80% 50%)`
    context.fillRect(0, 0, 320, 240)
    context.fillStyle = 'black'
    context.fillRect((frame * 5) % 300, 100, 20, 20)
    frame++
  }, 40)
  const track = canvas.captureStream(25).getVideoTracks()[0]!
  return { track, stop: () => clearInterval(timer) }
}
