/** The two WebRTC transports of a peer, which may be made and connected before it joins. */
import { TcsError } from '../errors.ts'
import type { Handler } from './handler.ts'

export const createTransport: Handler<'create-transport'> = async (
  { peer, admissions, signTransport },
  { direction },
) => {
  const transport = await admissions.transportsOf(peer).createTransport(direction)
  return { ...transport, signature: signTransport(direction, transport) }
}

export const connectTransport: Handler<'connect-transport'> = async (
  { peer },
  { transportId, dtlsParameters },
) => {
  if (peer.prepared === undefined) throw new TcsError('not-found', 'no transports')
  await peer.prepared.connectTransport(transportId, dtlsParameters)
  return {}
}

export const restartIce: Handler<'restart-ice'> = async (
  { peer, admissions },
  { transportId },
) => ({ iceParameters: await admissions.transportsOf(peer).restartIce(transportId) })
