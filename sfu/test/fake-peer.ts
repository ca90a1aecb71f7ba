/** One client of the TCS without media: requests, answers, and the events it has heard. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import {
  SOCKET_PATH,
  type Admission,
  type Answer,
  type Challenge,
  type Events,
  type EventType,
  type PeerId,
  type Requests,
  type RequestType,
  type TransportInfo,
} from '../src/protocol.ts'
import { signProof, type Person } from './network.ts'

interface Heard {
  readonly type: EventType
  readonly payload: unknown
}

export class FakePeer {
  readonly socket: Socket
  readonly events: Heard[] = []
  readonly clientChallenge = randomBytes(32)
  challenge: Challenge = { challenge: new Uint8Array(), tcsOrigin: '' }
  #admission: Admission | undefined
  readonly #waiting = new Set<() => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('event', (type: EventType, payload: unknown) => {
      this.events.push({ type, payload })
      for (const wake of this.#waiting) wake()
    })
    socket.on('disconnect', () => {
      for (const wake of this.#waiting) wake()
    })
  }

  /** Rejects when the upgrade is refused. */
  static async open(url: string, headers: Record<string, string>): Promise<FakePeer> {
    const socket = clientSocket(url, headers)
    const peer = new FakePeer(socket)
    const refused = new Promise<never>((_resolve, reject) => socket.once('connect_error', reject))
    const challenged = once(socket as never, 'challenge') as Promise<[Challenge]>
    socket.connect()
    ;[peer.challenge] = await Promise.race([challenged, refused])
    return peer
  }

  get id(): PeerId {
    return this.admission.peerId
  }

  get admission(): Admission {
    if (this.#admission === undefined) throw new Error('not admitted')
    return this.#admission
  }

  get connected(): boolean {
    return this.socket.connected
  }

  async authenticate(proof: unknown): Promise<Answer<Admission>> {
    return (await this.socket
      .timeout(30_000)
      .emitWithAck('authenticate', proof)) as Answer<Admission>
  }

  proof(person: Person, token: string, challenge = this.challenge.challenge): object {
    const { ikPub, nonce } = person
    const signature = signProof(person, challenge, token)
    return { token, ikPub, nonce, signature, clientChallenge: this.clientChallenge }
  }

  async prove(person: Person, token: string): Promise<Admission> {
    const answer = await this.authenticate(this.proof(person, token))
    if (!answer.ok) throw new Error(`refused: ${answer.code}`)
    this.#admission = answer.data
    return answer.data
  }

  /** Whatever is given goes out as it is; the answer comes back as it is. */
  async ask(type: string, request: unknown): Promise<Answer<unknown>> {
    return (await this.socket
      .timeout(30_000)
      .emitWithAck('request', type, request)) as Answer<unknown>
  }

  /** Rejects when the TCS refuses. */
  async request<T extends RequestType>(
    type: T,
    request: Requests[T]['request'],
  ): Promise<Requests[T]['reply']> {
    const answer = await this.ask(type, request)
    if (!answer.ok) throw new Error(answer.code)
    return answer.data as Requests[T]['reply']
  }

  join(): Promise<Requests['join']['reply']> {
    return this.request('join', { rtpCapabilities: this.admission.routerRtpCapabilities })
  }

  transport(direction: 'send' | 'recv'): Promise<TransportInfo> {
    return this.request('create-transport', { direction })
  }

  /** An Opus producer on a transport that never connects: all of signalling, no packet. */
  async produceAudio(
    transportId: string,
    source: 'audio' | 'screen-audio' = 'audio',
  ): Promise<string> {
    const rtpParameters = source === 'audio' ? opus(1111) : opus(2222, '2')
    const request = { transportId, kind: 'audio', source, rtpParameters, paused: false } as const
    return (await this.request('produce', request)).producerId
  }

  /** The first event of this type that was not asked for before. Rejects when the connection ends first. */
  async next<T extends EventType>(type: T): Promise<Events[T]> {
    for (;;) {
      const at = this.events.findIndex((heard) => heard.type === type)
      if (at >= 0) return this.events.splice(at, 1)[0]!.payload as Events[T]
      if (!this.socket.connected) throw new Error(`no ${type} before the end`)
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }

  async ended(): Promise<void> {
    if (this.socket.connected) await once(this.socket as never, 'disconnect')
  }

  close(): void {
    this.socket.disconnect()
  }
}

/** Not connected yet, so that whoever asked for it hears everything. */
export function clientSocket(url: string, headers: Record<string, string>): Socket {
  return io(url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    // The server is known by this name, wherever it listens.
    extraHeaders: { Host: (headers['Origin'] ?? '').replace('https://', ''), ...headers },
    forceNew: true,
    reconnection: false,
    autoConnect: false,
  })
}

export function opus(ssrc: number, mid = '0'): object {
  return {
    mid,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [],
    encodings: [{ ssrc }],
    rtcp: { cname: 'fake' },
  }
}
