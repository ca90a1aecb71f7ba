/** The sentence for a code, where it is said: after a call, in a banner or the list of refusals, or on a tile. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import { m } from '../../paraglide/messages.js'
import { outcomeOf } from './table.ts'

export interface Who {
  /** Of the member it is about, null when not verified. */
  readonly name: string | null
  /** Of the member who did it. */
  readonly by: string | null
  /** It was this person. */
  readonly own: boolean
}

/** Why a call ended or could not begin, and what to do. */
export function wordEnd(code: string): string {
  return outcomeOf(code).ended({ code, name: m.call_somebody(), by: m.call_somebody() })
}

export function wordNotice(code: string, { name, by, own }: Who): string {
  const { during } = outcomeOf(code)
  const word = (own ? during?.own : undefined) ?? during?.word ?? m.notice_media
  const somebody = m.call_somebody()
  return word({ code, name: name ?? somebody, by: by ?? somebody })
}

/** @param name of the member it is about, null when not verified */
export function wordRefusal(code: E2eeCode, name: string | null): string {
  return wordNotice(code, { name, by: null, own: false })
}

/** Why a tile shows nothing, or is silent. */
export function wordUnopened(kind: 'video' | 'audio', code: E2eeCode | null, name: string): string {
  const word = (code === null ? undefined : outcomeOf(code).tile) ?? m.reason_other
  const inputs = { name, reason: word({ name, by: name, code: code ?? '' }) }
  return kind === 'video' ? m.tile_video(inputs) : m.tile_audio(inputs)
}
