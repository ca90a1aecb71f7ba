/** Real encoders, packetisers and decoders around the transforms: a call of a page with itself. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TransformStats } from '../calls.ts'
import type { Codec } from '../protocol.ts'

interface Report {
  readonly encrypt: TransformStats | null
  readonly decrypt: TransformStats | null
  readonly state: string | null
  readonly newest: { readonly gen: number; readonly step: number } | null
  /** Frames of sound around both transforms, in hexadecimal. */
  readonly seen: Record<'encoded' | 'sealed' | 'received' | 'opened', readonly string[]>
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

// The product asks for DTX and in-band FEC; the others are what another client could have agreed on.
const OPUS = [
  ['DTX and FEC', 'usedtx=1;useinbandfec=1'],
  ['no DTX', 'usedtx=0;useinbandfec=1'],
  ['a constant bit rate', 'usedtx=0;cbr=1'],
  ['DTX at a constant bit rate', 'usedtx=1;cbr=1'],
] as const

describe.each(OPUS)('P9 opus with %s', (_, parameters) => {
  it('is sealed and opened in speech and in silence, and no frame goes as it is', async () => {
    const call = await loopback('opus', parameters)
    await call.ask('key')
    const dtx = parameters.includes('usedtx=1')
    const silent = (frames: readonly string[]) => frames.filter((frame) => frame.length <= 2 * 3)
    await vi.waitFor(
      async () => {
        const { opened } = (await call.ask('stats')).seen
        expect(opened.length).toBeGreaterThan(60)
        // A frame of up to three bytes says that there is nothing to say.
        if (dtx) expect(silent(opened).length).toBeGreaterThan(1)
      },
      { timeout: 20_000 },
    )
    const { encrypt, decrypt, state, seen } = await call.ask('stats')
    expect(state).toBe('decrypting')
    expect(decrypt?.refused).toEqual({})
    // Firefox hands over frames without a byte while nobody speaks: both transforms drop those (P6).
    const something = (frames: readonly string[]) => frames.filter((frame) => frame !== '')
    const [encoded, received] = [something(seen.encoded), something(seen.received)]
    const [plain, wires] = [new Set(encoded), new Set(seen.sealed)]
    expect(received.filter((wire) => !wires.has(wire))).toEqual([])
    expect(seen.opened.filter((frame) => !plain.has(frame))).toEqual([])
    expect(wires.size).toBe(seen.sealed.length)
    // An SFrame header has a byte at least, a tag has 16: what is longer by less was not sealed.
    const shortest = (frames: readonly string[]) => Math.min(...frames.map(({ length }) => length))
    expect(shortest(seen.sealed)).toBeGreaterThanOrEqual(shortest(encoded) + 2 * 17)
    // A byte or two may stand anywhere by chance; eight may not.
    const ends = encoded.filter(({ length }) => length >= 16).map((frame) => frame.slice(-16))
    const clear = (wire: string) => plain.has(wire) || ends.some((end) => wire.includes(end))
    expect(seen.sealed.filter(clear)).toEqual([])
    expect(encrypt!.passed).toBeGreaterThanOrEqual(seen.sealed.length)
  })
})

async function loopback(codec: Codec, parameters = '') {
  const worker = new Worker(new URL('../../test/loopback-worker.ts', import.meta.url), {
    type: 'module',
  })
  // Chromium sends in clear when a transform comes late, unless the connection is told to wait for one.
  const config = { encodedInsertableStreams: true } as RTCConfiguration
  const [a, b] = [new RTCPeerConnection(config), new RTCPeerConnection(config)]
  const { track, stop } = codec === 'opus' ? soundAndSilence() : movingPicture()
  closing.push(
    stop,
    () => a.close(),
    () => b.close(),
    () => worker.terminate(),
  )
  const transceiver = a.addTransceiver(track, { direction: 'sendonly' })
  transceiver.sender.transform = new RTCRtpScriptTransform(worker, { dir: 'encrypt', codec })
  const { codecs } = RTCRtpReceiver.getCapabilities(track.kind)!
  const mime = `${track.kind}/${codec}`
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
  const { type, sdp } = b.localDescription!
  // The answer says how the offering side is to encode (RFC 7587 section 6.1), as it does in the product.
  const asked = sdp.replace(/(a=fmtp:\d+ ).*/, `$1${parameters}`)
  if (parameters !== '') expect(asked).toContain(parameters)
  await a.setRemoteDescription({ type, sdp: parameters === '' ? sdp : asked })

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

/** A tone that comes and goes each second, so that speech and silence take turns. */
function soundAndSilence() {
  const context = new AudioContext()
  const tone = new OscillatorNode(context, { frequency: 440 })
  const loudness = new GainNode(context, { gain: 0 })
  const out = context.createMediaStreamDestination()
  tone.connect(loudness).connect(out)
  for (let second = 0; second < 60; second++) {
    loudness.gain.setValueAtTime(0.5, context.currentTime + second)
    loudness.gain.setValueAtTime(0, context.currentTime + second + 0.4)
  }
  tone.start()
  void context.resume()
  return { track: out.stream.getAudioTracks()[0]!, stop: () => void context.close() }
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
