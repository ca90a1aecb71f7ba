/** What a browser remembers of another person's devices, and what follows for one that appears. */
import type { Verification } from '../protocol.ts'

/**
 * `verified`: the safety numbers were compared. `accepted`: let in beside a verified one. `seen`: simply met, which
 * proves nothing.
 */
export type TrustLevel = 'seen' | 'accepted' | 'verified'

export interface KnownDevice {
  /** RFC 7638 thumbprint of the device key. */
  readonly jkt: string
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  readonly trust: TrustLevel
}

const MAX_DEVICES = 64

/** How this device stands beside the others of its person. `newHere`: it was first met in this very session. */
export function verificationOf(
  devices: readonly KnownDevice[],
  jkt: string,
  newHere: boolean,
): Verification {
  const known = devices.find((device) => device.jkt === jkt)
  if (known?.trust === 'verified') return 'verified'
  if (known?.trust === 'accepted') return 'known'
  // Having been seen before is no merit: whoever can slip a device in now could do so earlier.
  if (devices.some(({ trust }) => trust === 'verified')) return 'changed'
  return known === undefined || newHere ? 'new' : 'known'
}

/** The device was met now. Of too many the oldest are forgotten, and those that somebody verified last. */
export function withMet(
  devices: readonly KnownDevice[],
  jkt: string,
  nowMs: number,
): readonly KnownDevice[] {
  const { firstSeenMs, trust } = devices.find((device) => device.jkt === jkt) ?? {
    firstSeenMs: nowMs,
    trust: 'seen',
  }
  const others = devices.filter((device) => device.jkt !== jkt)
  const kept = others.toSorted(byWorth).slice(0, MAX_DEVICES - 1)
  return [...kept, { jkt, firstSeenMs, lastSeenMs: nowMs, trust }]
}

export function withTrust(
  devices: readonly KnownDevice[],
  jkt: string,
  trust: TrustLevel,
): readonly KnownDevice[] {
  return devices.map((device) => (device.jkt === jkt ? { ...device, trust } : device))
}

function byWorth(a: KnownDevice, b: KnownDevice): number {
  const [worthA, worthB] = [a, b].map(({ trust }) => WORTH[trust]) as [number, number]
  return worthB - worthA || b.lastSeenMs - a.lastSeenMs
}

const WORTH = { seen: 0, accepted: 1, verified: 2 } as const
