/** Who is connected to the hostile TCS: everything a TCS learns from the tokens it is shown and from what it passes on. */
import type { RtpCapabilities } from 'mediasoup/types'
import type { Socket } from 'socket.io'
import type { PeerId, ProducerInfo } from '@huisclos/sfu/protocol'

export interface Party {
  readonly peerId: PeerId
  readonly mid: string
  readonly name: string
  readonly socket: Socket
  /** Ids of its transports at mediasoup, oldest first. */
  readonly transports: { readonly id: string; readonly direction: 'send' | 'recv' }[]
  /** Types of its requests, in order. */
  readonly asked: string[]
  rtpCapabilities: RtpCapabilities | undefined
}

/** One end-to-end message to one member, as a TCS that keeps everything holds it. */
export interface Delivered {
  readonly mid: string
  readonly from: PeerId
  readonly to: PeerId
  readonly bytes: Buffer
}

export class Parties {
  readonly record: Delivered[] = []
  /** Every producer of which any client was told the truth. */
  readonly producers = new Map<string, ProducerInfo>()
  readonly #bySocket = new WeakMap<Socket, Party>()
  /** The gone stay: their messages can still be played. */
  readonly #all: Party[] = []

  add(socket: Socket, peerId: PeerId, token: string): Party {
    const claims = claimsOf(token)
    const party: Party = {
      ...{ peerId, socket, mid: claims.mid, name: claims.name },
      ...{ transports: [], asked: [], rtpCapabilities: undefined },
    }
    this.#bySocket.set(socket, party)
    this.#all.push(party)
    return party
  }

  of(socket: Socket): Party | undefined {
    return this.#bySocket.get(socket)
  }

  /** The newest connection of this member id. */
  byId(peerId: PeerId): Party | undefined {
    return this.#all.findLast((party) => party.peerId === peerId)
  }

  /** The newest connection of this person. */
  find(mid: string, name: string): Party {
    const found = this.#all.findLast((party) => party.mid === mid && party.name === name)
    if (found === undefined) throw new Error(`${name} is not known in this meeting`)
    return found
  }

  producersOf({ peerId }: Party): ProducerInfo[] {
    return [...this.producers.values()].filter((producer) => producer.peerId === peerId)
  }

  delivered(from: Party, to: Party): Delivered[] {
    return this.record.filter((message) => message.from === from.peerId && message.to === to.peerId)
  }
}

function claimsOf(token: string): { mid: string; name: string } {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  return JSON.parse(payload) as { mid: string; name: string }
}
