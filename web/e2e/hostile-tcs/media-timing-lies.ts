/** Lies about when: media held back, or late. */
import { meant, type Attacker } from './attacker.ts'
import type { Lies, Target } from './commands.ts'
import { retold } from './media-places.ts'
import type { Lie } from './wire.ts'

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
