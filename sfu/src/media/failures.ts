/** mediasoup's errors as codes: the sender's fault, a worker that is gone, or ours. */
import { errors } from 'mediasoup'
import { TcsError } from '../errors.ts'

export function asTcsError(error: unknown): TcsError {
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
  return new TcsError('internal', detail, { cause: error })
}
