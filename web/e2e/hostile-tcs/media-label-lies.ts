/** Lies about whose media it is: under another name, or from somebody else. */
import type { ProducerInfo, Requests } from '@huisclos/sfu/protocol'
import { meant, type Attacker } from './attacker.ts'
import type { Lies } from './commands.ts'
import { announceAnew, substituted } from './media-places.ts'
import type { Substitute } from './stolen-media.ts'
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
