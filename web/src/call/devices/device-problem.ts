/** Turns the browsers' media errors into the few situations a person can do something about. */

/** `silenced`: it is open, and the system or a switch of the device keeps sound or picture back. */
export type DeviceProblem = 'refused' | 'missing' | 'busy' | 'unplugged' | 'silenced' | 'failed'

const byName: Readonly<Record<string, DeviceProblem>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  // Asked for one exact device that is gone; the caller has already asked again for any.
  OverconstrainedError: 'missing',
  // Chromium: another program holds the device. Firefox says the same for hardware faults.
  NotReadableError: 'busy',
  AbortError: 'busy',
}

export function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return byName[name] ?? 'failed'
}
