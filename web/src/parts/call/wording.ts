/** Words for devices in trouble, the planned end, and for how well somebody's device is known. */
import type { Verification } from '@huisclos/e2ee-worker/protocol'
import type { DeviceKind } from '../../call/devices/device-state.ts'
import type { DeviceProblem } from '../../call/devices/device-problem.ts'
import { m } from '../../paraglide/messages.js'

const camera: Record<DeviceProblem, () => string> = {
  refused: m.call_camera_refused,
  missing: m.call_camera_missing,
  busy: m.call_camera_busy,
  unplugged: m.call_camera_unplugged,
  silenced: m.call_camera_silenced,
  failed: m.call_camera_failed,
}

const microphone: Record<DeviceProblem, () => string> = {
  refused: m.call_microphone_refused,
  missing: m.call_microphone_missing,
  busy: m.call_microphone_busy,
  unplugged: m.call_microphone_unplugged,
  silenced: m.call_microphone_silenced,
  failed: m.call_microphone_failed,
}

const both: Partial<Record<DeviceProblem, () => string>> = {
  refused: m.call_both_refused,
  missing: m.call_both_missing,
}

interface DeviceNews {
  readonly kind: DeviceKind
  readonly problem: DeviceProblem | null
  readonly appeared: boolean
}

/** What is wrong with one device, or that one is there now; undefined when there is nothing to say. */
export function wordDeviceProblem(device: DeviceNews): string | undefined {
  if (device.problem === null) return wordsAppeared([device])[0]
  return (device.kind === 'audio' ? microphone : camera)[device.problem]()
}

/** One sentence for each device in trouble, or one for both when they share it. */
export function wordDeviceProblems(problems: {
  readonly microphone: DeviceProblem | null
  readonly camera: DeviceProblem | null
}): readonly string[] {
  const shared = problems.camera === problems.microphone ? problems.camera : null
  const word = shared === null ? undefined : both[shared]
  if (word !== undefined) return [word()]
  const sentences: string[] = []
  if (problems.microphone !== null) sentences.push(microphone[problems.microphone]())
  if (problems.camera !== null) sentences.push(camera[problems.camera]())
  return sentences
}

/** One sentence for each device that was plugged in where none was found. */
export function wordsAppeared(devices: readonly DeviceNews[]): readonly string[] {
  return devices
    .filter(({ appeared }) => appeared)
    .map(({ kind }) => (kind === 'audio' ? m.call_microphone_appeared() : m.call_camera_appeared()))
}

const END_IS_NEAR_MIN = 5

/** What moderators are told of the planned end; null while it is far off. @param leftMs negative after it */
export function wordPlannedEnd(leftMs: number | null): string | null {
  if (leftMs === null) return null
  if (leftMs <= 0) return m.call_end_passed()
  const minutes = Math.ceil(leftMs / 60_000)
  return minutes > END_IS_NEAR_MIN ? null : m.call_end_near({ minutes })
}

const verifications: Readonly<Record<Verification, { word: () => string; hint: () => string }>> = {
  new: { word: m.verification_new, hint: m.verification_new_hint },
  known: { word: m.verification_known, hint: m.verification_known_hint },
  verified: { word: m.verification_verified, hint: m.verification_verified_hint },
  changed: { word: m.verification_changed, hint: m.verification_changed_hint },
}

export function wordVerification(verification: Verification): { word: string; hint: string } {
  const { word, hint } = verifications[verification]
  return { word: word(), hint: hint() }
}
