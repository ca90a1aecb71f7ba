/** The others in the meeting as state: verified by the worker or still unknown, with what they send. */
import { SvelteMap } from 'svelte/reactivity'
import type { Member, Verification } from '@huisclos/e2ee-worker/protocol'
import type { PeerId, ProducerInfo } from '@huisclos/sfu/protocol'
import { Arrivals } from './arrivals.ts'
import {
  UNOPENED,
  viewPeers,
  type Opening,
  type PeerView,
  type Presence,
  type RemoteStream,
} from './peer-view.ts'
import { SameNames, type Trust } from './same-names.ts'

type Met = Pick<Member, 'sub' | 'name' | 'verification'>

/** As long as the TCS and the worker wait for somebody whose connection was cut. */
const LOST_FOR_MS = 15_000
/** Everybody sends again by then whose microphone or camera is on. */
const RESET_MS = 5_000

export class Peers {
  readonly #members = new SvelteMap<string, Member>()
  readonly #present = new SvelteMap<PeerId, Presence>()
  readonly #streams = new SvelteMap<string, RemoteStream>()
  readonly #openings = new SvelteMap<string, Opening>()
  readonly #announced = new SvelteMap<string, ProducerInfo>()
  #connected = $state(false)
  #speakers = $state.raw<readonly string[]>([])
  readonly #list = $derived(
    viewPeers({
      members: this.#members,
      present: this.#present,
      streams: this.#streams,
      openings: this.#openings,
      speakers: this.#speakers,
      announced: this.#announced,
      connected: this.#connected,
    }),
  )
  /** Everybody who was ever verified: what they wrote and what is said of them outlasts their leaving. */
  readonly #met = new SvelteMap<string, Met>()
  readonly #names = new SameNames()
  readonly arrivals = new Arrivals()
  readonly #timers: Record<string, ReturnType<typeof setTimeout>> = {}

  get list(): readonly PeerView[] {
    return this.#list
  }

  speaks(memberId: string): boolean {
    return this.#speakers.includes(memberId)
  }

  /** By its own token, also of somebody who has left; null when never verified. */
  nameOf(memberId: string): string | null {
    return this.#met.get(memberId)?.name ?? null
  }

  verificationOf(memberId: string): Verification | null {
    return this.#met.get(memberId)?.verification ?? null
  }

  /** Who we are: another account of our name must not look like us. */
  self({ memberId, name, sub }: Pick<Member, 'memberId' | 'name' | 'sub'>): void {
    this.#names.meet(sub, name, 'self')
    this.#met.set(memberId, { sub, name, verification: 'verified' })
    this.#rename()
  }

  /** What the worker has verified. */
  verified(members: readonly Member[]): void {
    const ids = members.map(({ memberId }) => memberId as string)
    for (const known of [...this.#members.keys()])
      if (!ids.includes(known)) this.#members.delete(known)
    for (const { sub, name } of members) this.#names.meet(sub, name, trustIn(sub, members))
    for (const member of members) {
      const named = { ...member, name: this.#names.label(member.sub) ?? member.name }
      this.#members.set(member.memberId, named)
      this.#met.set(member.memberId, named)
    }
    this.#rename()
  }

  /** Somebody new may look like somebody who was met before. */
  #rename(): void {
    for (const [memberId, met] of this.#met) {
      const name = this.#names.label(met.sub) ?? met.name
      if (name !== met.name) this.#met.set(memberId, { ...met, name })
    }
  }

  /** Whom the TCS says to be there, at join and after coming back; whoever else was there counts as lost. */
  roster(peerIds: readonly PeerId[]): void {
    clearTimeout(this.#timers['media'])
    this.#connected = true
    this.arrivals.roster(peerIds)
    for (const known of [...this.#present.keys()])
      if (!peerIds.includes(known)) this.departed(known, 'lost')
    for (const peerId of peerIds) this.joined(peerId)
  }

  joined(peerId: PeerId): void {
    clearTimeout(this.#timers[peerId])
    this.#present.set(peerId, { lost: false })
  }

  departed(peerId: PeerId, reason: 'left' | 'lost'): void {
    clearTimeout(this.#timers[peerId])
    for (const [producerId, producer] of [...this.#announced])
      if (producer.peerId === peerId) this.#announced.delete(producerId)
    if (reason === 'left') this.#present.delete(peerId)
    if (!this.#present.has(peerId)) return
    this.#present.set(peerId, { lost: true })
    this.#timers[peerId] = setTimeout(() => this.#present.delete(peerId), LOST_FOR_MS)
  }

  /** Our own connection has ended: nothing is known of anybody until the next `roster`. */
  cut(): void {
    clearTimeout(this.#timers['media'])
    this.#connected = false
    this.#announced.clear()
    this.activeSpeakers([])
  }

  /** All media are set up anew: until that is done, silence says nothing about anybody. */
  mediaReset(): void {
    clearTimeout(this.#timers['media'])
    this.#announced.clear()
    this.#connected = false
    this.#timers['media'] = setTimeout(() => (this.#connected = true), RESET_MS)
  }

  /** Somebody sends something, or goes on or pauses with it. */
  announced(producer: ProducerInfo): void {
    this.#announced.set(producer.producerId, producer)
  }

  announcedPaused(producerId: string, paused: boolean): void {
    const known = this.#announced.get(producerId)
    if (known !== undefined) this.#announced.set(producerId, { ...known, paused })
  }

  withdrawn(producerId: string): void {
    this.#announced.delete(producerId)
  }

  streamAdded(stream: RemoteStream): void {
    this.#streams.set(stream.consumerId, stream)
  }

  streamPaused(consumerId: string, paused: boolean): void {
    const stream = this.#streams.get(consumerId)
    if (stream !== undefined) this.#streams.set(consumerId, { ...stream, paused })
  }

  streamRemoved(consumerId: string): void {
    this.#streams.delete(consumerId)
    this.#openings.delete(consumerId)
  }

  /** The worker says something new of the frames of a consumer. */
  opening(consumerId: string, change: Partial<Opening>): void {
    this.#openings.set(consumerId, { ...UNOPENED, ...this.#openings.get(consumerId), ...change })
  }

  activeSpeakers(peerIds: readonly PeerId[]): void {
    this.#speakers = peerIds
  }

  close(): void {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }
}

/** A device that nobody compared must not borrow the trust of another one of its account. */
function trustIn(account: string, members: readonly Member[]): Trust {
  const own = members.filter(({ sub }) => sub === account)
  return own.every(({ verification }) => verification === 'verified') ? 'verified' : 'none'
}
