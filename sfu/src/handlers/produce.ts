/** What a peer sends: allowed by its token, one stream of each source. */
import { TcsError } from '../errors.ts'
import type { Permission } from '../door/proof.ts'
import type { Source } from '../protocol.ts'
import type { Handler } from './handler.ts'

const RULES: Record<Source, { readonly kind: 'audio' | 'video'; readonly needs: Permission }> = {
  audio: { kind: 'audio', needs: 'audio' },
  video: { kind: 'video', needs: 'video' },
  screen: { kind: 'video', needs: 'share' },
  'screen-audio': { kind: 'audio', needs: 'share' },
}

export const produce: Handler<'produce'> = async ({ peer }, request) => {
  const rule = RULES[request.source]
  if (rule.kind !== request.kind) throw new TcsError('bad-request', 'kind and source differ')
  if (!peer.permissions.has(rule.needs)) throw new TcsError('not-allowed', `prm: ${rule.needs}`)
  const { producerId } = await peer.forwarding.produce(request)
  return { producerId }
}

export const pauseProducer: Handler<'pause-producer'> = async ({ peer }, { producerId }) => {
  await peer.forwarding.setProducerPaused(producerId, true)
  return {}
}

export const resumeProducer: Handler<'resume-producer'> = async ({ peer }, { producerId }) => {
  await peer.forwarding.setProducerPaused(producerId, false)
  return {}
}

export const closeProducer: Handler<'close-producer'> = async ({ peer }, { producerId }) => {
  await peer.forwarding.closeProducer(producerId)
  return {}
}
