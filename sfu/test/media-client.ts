/** A WebRTC client without a browser (werift): real ICE over TURNS, real DTLS, real SRTP, audio of our own making. */
import type { DtlsSocket } from 'werift'
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useOPUS } from 'werift'
import type { ConsumerInfo, TransportInfo } from '../src/protocol.ts'
import type { FakePeer } from './fake-peer.ts'

interface IceCandidate {
  readonly foundation: string
  readonly priority: number
  readonly address: string
  readonly port: number
}
interface Ice {
  readonly usernameFragment: string
  readonly password: string
}
interface Dtls {
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[]
}
interface Rtp {
  readonly mid: string
  readonly codecs: readonly {
    readonly mimeType: string
    readonly payloadType: number
    readonly clockRate: number
    readonly channels: number
  }[]
  readonly headerExtensions: readonly { readonly uri: string; readonly id: number }[]
  readonly encodings: readonly { readonly ssrc: number }[]
}

const AUDIO_LEVEL_ID = 6

export class MediaClient {
  readonly peer: FakePeer
  /** What each packet carries from now on. */
  payload = Buffer.alloc(80)
  /** Packets sent so far. */
  sent = 0
  readonly #ca: string
  readonly #connections: RTCPeerConnection[] = []
  #sending: NodeJS.Timeout | undefined

  constructor(peer: FakePeer, ca: string) {
    this.peer = peer
    this.#ca = ca
  }

  /** Sends one Opus packet every 20 ms, at a loud voice's level; `announced` replaces the true fingerprints. */
  async send(announced?: Dtls): Promise<{ producerId: string; transportId: string }> {
    const info = await this.peer.transport('send')
    const connection = this.#connection()
    const track = new MediaStreamTrack({ kind: 'audio' })
    connection.addTransceiver(track, { direction: 'sendonly' })
    await connection.setLocalDescription(await connection.createOffer())
    const offer = localSdp(connection)
    const dtlsParameters = {
      role: 'client',
      ...(announced ?? { fingerprints: fingerprints(offer) }),
    }
    const { transportId } = info
    handleEachMessageOnce(connection)
    await this.peer.request('connect-transport', { transportId, dtlsParameters })
    const rtp = rtpParameters(offer)
    const { producerId } = await this.peer.request('produce', {
      ...{ transportId, kind: 'audio', source: 'audio', rtpParameters: rtp, paused: false },
    })
    const sdp = remoteSdp(info, { rtp, setup: 'passive', direction: 'recvonly' })
    await connection.setRemoteDescription({ type: 'answer', sdp })
    this.#sendEvery20Ms(track, rtp)
    return { producerId, transportId }
  }

  /** Consumes and hands over every RTP payload. */
  async receive(producerId: string, onPayload: (payload: Buffer) => void): Promise<void> {
    const consumerId = await this.consume(producerId, onPayload)
    await this.peer.request('resume-consumer', { consumerId })
  }

  /** Like `receive`, but leaves the consumer in the state that it starts in. */
  async consume(producerId: string, onPayload: (payload: Buffer) => void): Promise<string> {
    const info = await this.peer.transport('recv')
    const { transportId } = info
    const consumer = await this.peer.request('consume', { transportId, producerId })
    const connection = this.#connection()
    connection.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ payload }) => onPayload(payload))
    })
    const rtp = consumer.rtpParameters as ConsumerInfo['rtpParameters'] & Rtp
    const sdp = remoteSdp(info, { rtp, setup: 'actpass', direction: 'sendonly' })
    await connection.setRemoteDescription({ type: 'offer', sdp })
    handleEachMessageOnce(connection)
    await connection.setLocalDescription(await connection.createAnswer())
    const dtlsParameters = {
      role: 'client',
      fingerprints: fingerprints(localSdp(connection)),
    }
    await this.peer.request('connect-transport', { transportId, dtlsParameters })
    return consumer.consumerId
  }

  async close(): Promise<void> {
    clearInterval(this.#sending)
    await Promise.all(this.#connections.map((connection) => connection.close()))
    this.peer.close()
  }

  #connection(): RTCPeerConnection {
    const { urls, username, credential } = this.peer.admission.relay
    const connection = new RTCPeerConnection({
      codecs: { audio: [useOPUS({ payloadType: 111 })] },
      iceServers: urls.map((url) => ({ urls: url, username, credential })),
      iceTransportPolicy: 'relay',
      // The one certificate trusted here carries no name that Node would compare with an address.
      turnTlsOptions: { ca: this.#ca, checkServerIdentity: () => undefined },
    })
    this.#connections.push(connection)
    return connection
  }

  #sendEvery20Ms(track: MediaStreamTrack, rtp: Rtp): void {
    this.#sending = setInterval(() => {
      this.sent += 1
      const header = new RtpHeader({
        payloadType: rtp.codecs[0]!.payloadType,
        ssrc: rtp.encodings[0]!.ssrc,
        sequenceNumber: this.sent,
        timestamp: this.sent * 960,
        extension: true,
        extensionProfile: 0xbede,
        // RFC 6464: voice, at -10 dBov.
        extensions: [{ id: AUDIO_LEVEL_ID, payload: Buffer.from([0x80 | 10]) }],
      })
      track.writeRtp(new RtpPacket(header, this.payload))
    }, 20)
  }
}

/**
 * Drops handshake messages that came before (RFC 6347 section 4.2.2). The worker sends its flight again after 100 ms,
 * and werift answers that with a second flight of its own when it is connected by then, at which OpenSSL hangs up.
 */
function handleEachMessageOnce(connection: RTCPeerConnection): void {
  for (const transport of connection.dtlsTransports) {
    let socket: DtlsSocket | undefined
    Object.defineProperty(transport, 'dtls', {
      get: () => socket,
      set: (made: DtlsSocket) => {
        socket = made
        const handle = made.onHandleHandshakes
        const seen = new Set<number>()
        made.onHandleHandshakes = async (messages) => {
          const unseen = messages.filter(({ message_seq }) => !seen.has(message_seq))
          for (const { message_seq } of unseen) seen.add(message_seq)
          await handle(unseen)
        }
      },
    })
  }
}

function localSdp(connection: RTCPeerConnection): string {
  if (!connection.localDescription) throw new Error('no local description')
  return connection.localDescription.sdp
}

function fingerprints(sdp: string): Dtls['fingerprints'] {
  const [, algorithm, value] = /^a=fingerprint:(\S+) (\S+)/m.exec(sdp) ?? []
  return [{ algorithm: algorithm!, value: value! }]
}

function rtpParameters(sdp: string): Rtp {
  const payloadType = Number(/^m=audio \d+ \S+ (\d+)/m.exec(sdp)?.[1])
  return {
    mid: /^a=mid:(\S+)/m.exec(sdp)![1]!,
    codecs: [{ mimeType: 'audio/opus', payloadType, clockRate: 48_000, channels: 2 }],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: AUDIO_LEVEL_ID }],
    encodings: [{ ssrc: Number(/^a=ssrc:(\d+)/m.exec(sdp)?.[1]) }],
  }
}

function remoteSdp(
  { iceParameters, iceCandidates, dtlsParameters }: TransportInfo,
  media: { rtp: Rtp; setup: string; direction: string },
): string {
  const { usernameFragment, password } = iceParameters as Ice
  const { fingerprints: prints } = dtlsParameters as Dtls
  const { rtp, setup, direction } = media
  const payloadType = rtp.codecs[0]!.payloadType
  const print = prints.find(({ algorithm }) => algorithm === 'sha-256')!
  const candidates = (iceCandidates as readonly IceCandidate[]).map(
    ({ foundation, priority, address, port }) =>
      `a=candidate:${foundation} 1 udp ${priority} ${address} ${port} typ host`,
  )
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${rtp.mid}`,
    'a=msid-semantic: WMS *',
    `m=audio 7 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 127.0.0.1',
    `a=mid:${rtp.mid}`,
    `a=${direction}`,
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${print.algorithm} ${print.value}`,
    `a=setup:${setup}`,
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} opus/48000/2`,
    ...(direction === 'sendonly' ? [`a=ssrc:${rtp.encodings[0]!.ssrc} cname:tcs`] : []),
    ...candidates,
    'a=end-of-candidates',
  ]
  return `${lines.join('\r\n')}\r\n`
}
