/** What a peer receives. */
import type { Handler } from './handler.ts'

export const consume: Handler<'consume'> = ({ peer }, request) => peer.forwarding.consume(request)

export const pauseConsumer: Handler<'pause-consumer'> = async ({ peer }, { consumerId }) => {
  await peer.forwarding.setConsumerPaused(consumerId, true)
  return {}
}

export const resumeConsumer: Handler<'resume-consumer'> = async ({ peer }, { consumerId }) => {
  await peer.forwarding.setConsumerPaused(consumerId, false)
  return {}
}

export const closeConsumer: Handler<'close-consumer'> = async ({ peer }, { consumerId }) => {
  await peer.forwarding.closeConsumer(consumerId)
  return {}
}

export const preferLayers: Handler<'prefer-layers'> = async ({ peer }, request) => {
  await peer.forwarding.preferLayers(request)
  return {}
}

export const requestKeyFrame: Handler<'request-key-frame'> = async ({ peer }, { consumerId }) => {
  await peer.forwarding.requestKeyFrame(consumerId)
  return {}
}
