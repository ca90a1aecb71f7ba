/** The one answer of every limit. */
import { TmmsError } from '../../errors.ts'

/** In whole seconds, and never none. */
export function tooManyTries(waitMs: number): TmmsError {
  return new TmmsError('too-many-tries', 'Too many tries; wait before the next one.', {
    retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)),
  })
}
