/** Long lists of names in one sentence. */
import { m } from '../paraglide/messages.js'

const NAMED_MAX = 8

/** The first ones by name, the others by their number; nobody is counted alone. */
export function wordSome(names: readonly string[]): string {
  const rest = names.length - NAMED_MAX
  if (rest <= 1) return names.join(', ')
  return m.names_and_others({ names: names.slice(0, NAMED_MAX).join(', '), count: rest })
}
