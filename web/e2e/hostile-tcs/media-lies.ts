/** Lies about media: under another name, from somebody else, made up, held back or late. */
import type { ProducerInfo, Requests } from '@huisclos/sfu/protocol'
import { decodeHeader } from '../../../e2ee-worker/src/sframe/header.ts'
import { payloadOf } from '../rtp.ts'
import { meant, type Attacker } from './attacker.ts'
import type { Lies, Target } from './commands.ts'
import { CLEAR_PICTURE, PACES, SILENCE, send } from './packets.ts'
import { openOutlet, tapOf, type Substitute } from './stolen-media.ts'
import type { Lie } from './wire.ts'

export function relabel(attacker: Attacker, { source, as, ...target }: Lies['relabel-media']): Lie {
  const { peerId } = attacker.wire.parties.find(target.mid, target.about)
  const relabelled = (producer: ProducerInfo): ProducerInfo =>
    producer.peerId === peerId && producer.source === source
      ? { ...producer, source: as }
      : producer
  const lie: Lie = {
    told: (told) =>
      told.type === 'producer-added' && meant(told.to, target)
        ? [{ ...told, payload: relabelled(told.payload) }]
        : [told],
    answered: ({ by, type }, reply) => {
      if (type !== 'join' || !meant(by, target)) return reply
      const { peers, producers } = reply as Requests['join']['reply']
      return { peers, producers: producers.map(relabelled) }
    },
  }
  announceAnew(attacker, target, relabelled)
  return lie
}

/** What two members send, each in place of the other's. */
export function swapMedia(
  attacker: Attacker,
  { other, source, ...target }: Lies['swap-media'],
): Lie {
  const { mid, about } = target
  const { parties } = attacker.wire
  const idOf = (name: string): string => {
    const producers = parties.producersOf(parties.find(mid, name))
    return producers.find((producer) => producer.source === source)?.producerId ?? ''
  }
  const [one, two] = [idOf(about), idOf(other)]
  const places = new Map<string, Substitute>([
    [one, () => Promise.resolve(two)],
    [two, () => Promise.resolve(one)],
  ])
  const lie = substituted(attacker, target, places)
  announceAnew(attacker, target)
  announceAnew(attacker, { ...target, about: other })
  return lie
}

export function injectPicture(attacker: Attacker, target: Target): Lie {
  return injected(attacker, target, { source: 'video', next: () => CLEAR_PICTURE })
}

export function injectSilence(attacker: Attacker, target: Target): Lie {
  return injected(attacker, target, { source: 'audio', next: () => SILENCE })
}

export function injectFrames(
  attacker: Attacker,
  { frames, ...target }: Lies['inject-frames'],
): Lie {
  const waiting = frames.map((frame) => Buffer.from(frame, 'base64'))
  return injected(attacker, target, { source: 'audio', next: () => waiting.shift() })
}

/** Nothing reaches the victim any longer, and nothing is said about it. */
export function freeze(attacker: Attacker, target: Target): Lie {
  const { media, wire } = attacker
  const { mid, about } = target
  const produced = wire.parties.producersOf(wire.parties.find(mid, about))
  const ids = produced.map(({ producerId }) => producerId)
  const held = media
    .consumersOf(wire.parties.find(mid, target.victim ?? ''))
    .filter(({ producerId }) => ids.includes(producerId))
  for (const consumer of held) void consumer.pause()
  return {
    asked: ({ by, type, request }) => {
      if (type !== 'resume-consumer' || !meant(by, target)) return undefined
      const stays = held.some(({ id }) => id === request.consumerId)
      return stays ? Promise.resolve({}) : undefined
    },
  }
}

/** Sound arrives, unchanged, but much later than it was sent. */
export function delay(attacker: Attacker, { ms, ...target }: Lies['delay']): Lie {
  return retold(attacker, target, (packet, pass) => {
    setTimeout(() => pass(packet), ms)
  })
}

/** Each frame of the sound for which there is one of the same counter is replaced by it; others are kept back. */
export function replaceFrames(
  attacker: Attacker,
  { frames, ...target }: Lies['replace-frames'],
): Lie {
  const made = frames.map((frame) => Buffer.from(frame, 'base64'))
  const byCounter = new Map(made.map((frame) => [decodeHeader(Uint8Array.from(frame)).ctr, frame]))
  return retold(attacker, target, (packet, pass) => {
    const real = payloadOf(packet)
    if (real === null || real.length === 0) return
    const frame = byCounter.get(decodeHeader(Uint8Array.from(real)).ctr)
    if (frame === undefined) return
    pass(Buffer.concat([packet.subarray(0, packet.length - real.length), frame]))
  })
}

type Retell = (packet: Buffer, pass: (packet: Buffer) => void) => void

/** Of the sound of somebody, what `retell` makes of each packet. */
function retold(attacker: Attacker, target: Target, retell: Retell): Lie {
  const { wire } = attacker
  const teller = wire.parties.find(target.mid, target.about)
  const real = wire.parties.producersOf(teller).find(({ source }) => source === 'audio')
  const realId = real?.producerId ?? ''
  const place: Substitute = async (router) => {
    const outlet = await openOutlet(router, 'audio')
    const pass = (packet: Buffer): void => {
      if (outlet.producer.closed) return
      const copy = Buffer.from(packet)
      copy.writeUInt32BE(outlet.ssrc, 8)
      outlet.producer.send(copy)
    }
    await tapOf(router, await router.createDirectTransport(), realId, (packet) => {
      retell(packet, pass)
    })
    return outlet.producer.id
  }
  const lie = substituted(attacker, target, new Map([[realId, place]]))
  announceAnew(attacker, target)
  return lie
}

interface Made {
  readonly source: 'audio' | 'video'
  readonly next: () => Buffer | undefined
}

function injected(attacker: Attacker, target: Target, { source, next }: Made): Lie {
  const { parties } = attacker.wire
  const produced = parties.producersOf(parties.find(target.mid, target.about))
  const real = produced.find((producer) => producer.source === source)
  const place: Substitute = async (router) => {
    const outlet = await openOutlet(router, source)
    send(outlet, PACES[source], next)
    return outlet.producer.id
  }
  const lie = substituted(attacker, target, new Map([[real?.producerId ?? '', place]]))
  announceAnew(attacker, target)
  return lie
}

function substituted(
  { media }: Attacker,
  target: Target,
  places: ReadonlyMap<string, Substitute>,
): Lie {
  return {
    asked: (asked) => {
      if (!meant(asked.by, target)) return undefined
      const place = asked.type === 'consume' ? places.get(asked.request.producerId) : undefined
      if (asked.type === 'consume' && place !== undefined) return media.consume(asked, place)
      return media.control(asked)
    },
  }
}

/** The victim drops what it receives of somebody and asks for it again: a TCS can have that any time. */
export function announceAnew(
  { media, wire }: Attacker,
  { mid, victim, about }: Target,
  as: (producer: ProducerInfo) => ProducerInfo = (producer) => producer,
): void {
  const to = wire.parties.find(mid, victim ?? '')
  for (const producer of wire.parties.producersOf(wire.parties.find(mid, about))) {
    const { producerId } = producer
    media.release(to, producerId)
    wire.tell({ to, type: 'producer-closed', payload: { producerId } })
    // In a later turn, so that what substitutes is in place before the victim asks.
    setImmediate(() => wire.tell({ to, type: 'producer-added', payload: as(producer) }))
  }
}
