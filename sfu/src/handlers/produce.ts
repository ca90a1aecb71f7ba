/** What a peer sends: allowed by its token, one stream of each source. */
import { TcsError } from '../errors.ts'
import type { Source } from '../protocol.ts'
import type { Handler } from './handler.ts'

const KINDS: Record<Source, 'audio' | 'video'> = {
  audio: 'audio',
  video: 'video',
  screen: 'video',
  'screen-audio': 'audio',
}

export const produce: Handler<'produce'> = async ({ peer }, request) => {
  const { kind, source } = request
  if (KINDS[source] !== kind) throw new TcsError('bad-request', 'kind and source differ')
  if (!peer.rights.mayPublish(source)) throw new TcsError('not-allowed', `no right: ${source}`)
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
