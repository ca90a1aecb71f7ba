/** Media that nobody sent: made up beside what is real, or in place of it. */
import { decodeHeader } from '../../../e2ee-worker/src/sframe/header.ts'
import { payloadOf } from '../rtp.ts'
import type { Attacker } from './attacker.ts'
import type { Lies, Target } from './commands.ts'
import { announceAnew, retold, substituted } from './media-places.ts'
import { CLEAR_PICTURE, PACES, SILENCE, send } from './packets.ts'
import { openOutlet, type Substitute } from './stolen-media.ts'
import type { Lie } from './wire.ts'

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
