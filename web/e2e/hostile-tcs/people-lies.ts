/** Lies about who is there: people made up, brought back, hidden, or kept although they have gone. */
import type { Events, PeerId, Requests } from '@huisclos/sfu/protocol'
import { isAbout, meant, type Attacker } from './attacker.ts'
import type { Lies, Target } from './commands.ts'
import { madeUpId } from './message-lies.ts'
import type { Lie, Told } from './wire.ts'

const HELLO = 1

/** Somebody who does not exist is announced, and never says anything. */
export function ghost({ wire }: Attacker, { mid, victim }: Lies['ghost']): void {
  const to = wire.parties.find(mid, victim)
  const peerId = madeUpId(`ghost of ${to.peerId}`) as PeerId
  wire.tell({ to, type: 'peer-joined', payload: { peerId } })
}

export function resurrect({ wire }: Attacker, { mid, victim, about }: Lies['resurrect']): void {
  const { parties } = wire
  const gone = parties.find(mid, about)
  const to = parties.find(mid, victim ?? '')
  const { peerId } = gone
  wire.tell({ to, type: 'peer-joined', payload: { peerId } })
  // Whoever was there may have heard it; to a newcomer it is new.
  const hellos = parties.record.filter(({ from, bytes }) => from === peerId && bytes[0] === HELLO)
  const said = new Set(hellos.map(({ bytes }) => bytes.toString('hex')))
  for (const hex of said) {
    const bytes = Buffer.from(hex, 'hex')
    wire.tell({ to, type: 'e2ee-message', payload: { from: peerId, bytes } })
  }
}

/** The victim and the hidden one never hear of each other. */
export function hidePerson(attacker: Attacker, target: Target): Lie {
  const { parties } = attacker.wire
  const pair = bothWays(target)
  const hides = (name: string | undefined, to: Told['to']): boolean =>
    pair.some((one) => meant(to, one) && one.about === name)
  const nameOf = (peerId: PeerId): string | undefined => parties.byId(peerId)?.name
  return {
    told: (told) => {
      if (pair.some((one) => isAbout(attacker, told, one))) return []
      if (told.type !== 'active-speakers') return [told]
      const peerIds = told.payload.peerIds.filter((peerId) => !hides(nameOf(peerId), told.to))
      return [{ ...told, payload: { peerIds } }]
    },
    answered: ({ by, type }, reply) => {
      if (type !== 'join') return reply
      const { peers, producers } = reply as Requests['join']['reply']
      return {
        peers: peers.filter((peerId) => !hides(nameOf(peerId), by)),
        producers: producers.filter(({ peerId }) => !hides(nameOf(peerId), by)),
      }
    },
  }
}

/** Nothing of the leave reaches the victim: neither the TCS's word nor the member's own. */
export function hideLeave(attacker: Attacker, target: Target): Lie {
  const hidden: readonly (keyof Events)[] = ['peer-left', 'producer-closed', 'e2ee-message']
  return {
    told: (told) => (hidden.includes(told.type) && isAbout(attacker, told, target) ? [] : [told]),
  }
}

function bothWays(target: Target): readonly Target[] {
  const { mid, victim, about } = target
  return victim === undefined ? [target] : [target, { mid, victim: about, about: victim }]
}
