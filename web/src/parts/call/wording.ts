/** Turns the codes of a call into sentences that say what happened and what to do. */
import type { Verification } from '@huisclos/e2ee-worker/protocol'
import type { DeviceProblem } from '../../call/devices/device-problem.ts'
import type { NoticeView } from '../../call/outcome/notices.svelte.ts'
import { isE2eeCode } from '../../call/outcome/refusals.ts'
import { m } from '../../paraglide/messages.js'
import { wordCode } from './security/code-wording.ts'

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

export interface Who {
  /** Of the member it is about, null when not verified. */
  readonly name: string | null
  /** Of the member who did it. */
  readonly by: string | null
  /** It was this person. */
  readonly own: boolean
}
type WordNotice = (inputs: { name: string; by: string }) => string

const notices: Readonly<Record<string, WordNotice>> = {
  'clear-media': m.notice_clear_media,
  'cannot-encrypt': m.notice_cannot_encrypt,
  'codec-missing': m.notice_codec_missing,
  'not-allowed': m.notice_not_allowed,
  removed: m.notice_removed,
  'not-excluded': m.notice_not_excluded,
  locked: m.notice_locked,
  unlocked: m.notice_unlocked,
  'kept-out-locked': m.notice_kept_out_locked,
  'kept-out-removed': m.notice_kept_out_removed,
}

const ownNotices: Readonly<Record<string, WordNotice>> = {
  removed: m.notice_removed_self,
  locked: m.notice_locked_self,
  unlocked: m.notice_unlocked_self,
}

export function wordNotice({ code }: NoticeView, { name, by, own }: Who): string {
  if (isE2eeCode(code)) return wordCode(code, name)
  const word = (own ? ownNotices[code] : undefined) ?? notices[code]
  const somebody = m.call_somebody()
  return word?.({ name: name ?? somebody, by: by ?? somebody }) ?? m.notice_media({ code })
}

/** Decisions of moderators are news; everything else is a warning. */
export function toneOf({ code }: NoticeView): 'info' | 'waiting' | 'error' {
  if (code === 'removed' || code === 'locked' || code === 'unlocked') return 'info'
  return code.startsWith('kept-out') ? 'waiting' : 'error'
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
