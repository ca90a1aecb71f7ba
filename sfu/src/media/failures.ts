/** mediasoup's errors as codes: the sender's fault, a worker that is gone, or ours. */
import { errors } from 'mediasoup'
import { TcsError } from '../errors.ts'
import type { TcsCode } from '../protocol.ts'

/**
 * @param otherwise - What a plain error means: the worker has no better word for what it refuses in a description, such
 * as the SSRC of another producer.
 */
export function asTcsError(error: unknown, otherwise: TcsCode): TcsError {
  if (error instanceof TcsError) return error
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof TypeError || error instanceof errors.UnsupportedError) {
    return new TcsError('bad-request', detail, { cause: error })
  }
  if (error instanceof errors.WorkerClosedError) {
    return new TcsError('media-unavailable', detail, { cause: error })
  }
  if (error instanceof errors.NotFoundError) {
    return new TcsError('not-found', detail, { cause: error })
  }
  return new TcsError(otherwise, detail, { cause: error })
}
