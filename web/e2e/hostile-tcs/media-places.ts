/** What lies about media put in the place of what was asked for, and how the victim comes to ask for it. */
import type { ProducerInfo } from '@huisclos/sfu/protocol'
import { meant, type Attacker } from './attacker.ts'
import type { Target } from './commands.ts'
import { openOutlet, tapOf, type Substitute } from './stolen-media.ts'
import type { Lie } from './wire.ts'

/** Who asks for a stream that has a place here is given what the place makes; all else about media is the truth. */
export function substituted(
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

type Retell = (packet: Buffer, pass: (packet: Buffer) => void) => void

/** Of the sound of somebody, what `retell` makes of each packet. */
export function retold(attacker: Attacker, target: Target, retell: Retell): Lie {
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
