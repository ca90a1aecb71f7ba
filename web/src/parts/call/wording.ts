/** Turns the codes of a call into sentences that say what happened and what to do. */
import type { DeviceProblem } from '../../call/device-problem.ts'
import type { NoticeView } from '../../call/notices.svelte.ts'
import { m } from '../../paraglide/messages.js'

const camera: Record<DeviceProblem, () => string> = {
  refused: m.call_camera_refused,
  missing: m.call_camera_missing,
  busy: m.call_camera_busy,
  unplugged: m.call_camera_unplugged,
  failed: m.call_camera_failed,
}

const microphone: Record<DeviceProblem, () => string> = {
  refused: m.call_microphone_refused,
  missing: m.call_microphone_missing,
  busy: m.call_microphone_busy,
  unplugged: m.call_microphone_unplugged,
  failed: m.call_microphone_failed,
}

const both: Partial<Record<DeviceProblem, () => string>> = {
  refused: m.call_both_refused,
  missing: m.call_both_missing,
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

type Word = (inputs: { code: string }) => string

const ends: Readonly<Record<string, Word>> = {
  'unsupported-browser': m.failed_unsupported_browser,
  E_PIN: m.failed_pin,
  E_PSK: m.failed_psk,
  E_JKT: m.failed_token,
  refused: m.failed_refused,
  disconnected: m.failed_network,
  timeout: m.failed_network,
  'too-slow': m.failed_network,
  'shutting-down': m.failed_network,
  unavailable: m.failed_network,
  offline: m.failed_network,
  replaced: m.failed_replaced,
  removed: m.failed_removed,
  'room-full': m.failed_room_full,
  E_INTERNAL: m.failed_worker,
}

/** Why a call ended or could not begin. */
export function wordEnd(code: string): string {
  const word = ends[code] ?? (code.startsWith('E_TOKEN') ? m.failed_token : m.failed_other)
  return word({ code })
}

const aboutMe: Readonly<Record<string, () => string>> = {
  'clear-media': m.notice_clear_media,
  'cannot-encrypt': m.notice_cannot_encrypt,
  'codec-missing': m.notice_codec_missing,
  'not-allowed': m.notice_not_allowed,
}

/** @param name of the member it is about, null when not verified */
export function wordNotice({ code }: NoticeView, name: string | null): string {
  const own = aboutMe[code]
  if (own !== undefined) return own()
  if (!code.startsWith('E_')) return m.notice_media({ code })
  const inputs = { code, name: name ?? m.call_somebody() }
  if (code === 'E_ROSTER') return m.notice_roster(inputs)
  return code === 'E_PSK' ? m.notice_link_incomplete(inputs) : m.notice_unverified(inputs)
}
