/** The two WebRTC transports of a peer. */
import type { Handler } from './handler.ts'

export const createTransport: Handler<'create-transport'> = async (
  { peer, signTransport },
  { direction },
) => {
  const transport = await peer.forwarding.createTransport(direction)
  return { ...transport, signature: signTransport(direction, transport) }
}

export const connectTransport: Handler<'connect-transport'> = async (
  { peer },
  { transportId, dtlsParameters },
) => {
  await peer.forwarding.connectTransport(transportId, dtlsParameters)
  return {}
}

export const restartIce: Handler<'restart-ice'> = async ({ peer }, { transportId }) => ({
  iceParameters: await peer.forwarding.restartIce(transportId),
})
