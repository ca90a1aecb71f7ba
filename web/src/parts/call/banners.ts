/** What is said above the pictures, in the order of its weight: notices of one kind are one line. */
import type { NoticeView } from '../../call/outcome/notices.svelte.ts'
import type { Tone } from '../../call/outcome/outcome.ts'
import { isE2eeCode, outcomeOf } from '../../call/outcome/table.ts'
import { wordNotice, type Who } from '../../call/outcome/wording.ts'

export interface BannerView {
  readonly id: string
  readonly tone: Tone
  readonly text: string
  /** Shown beside the text, for support. */
  readonly code: string | null
  /** The notices that go when it is put away; null for what stays as long as it is so. */
  readonly dismisses: readonly string[] | null
}

export type NamedNotice = { readonly notice: NoticeView } & Who

/** Everything above the pictures together; whatever else there is, is one click away. */
const MOST_LINES = 2
const weights: readonly Tone[] = ['error', 'waiting', 'info']

/** @param list puts names beside each other as the reader's language does */
export function bannersOf(
  notices: readonly NamedNotice[],
  list: (names: readonly string[]) => string,
): readonly BannerView[] {
  const groups = new Map<string, NamedNotice[]>()
  for (const one of notices) {
    const id = `${one.notice.code} ${String(one.own)} ${one.by ?? ''}`
    groups.set(id, [...(groups.get(id) ?? []), one])
  }
  return [...groups].map(([id, group]) => bannerOf(id, group, list))
}

export interface ShownBanners {
  readonly shown: readonly BannerView[]
  /** How many more there are. */
  readonly hidden: number
}

/** The weightiest first; among equals the one that was there first. */
export function foremost(banners: readonly BannerView[], all: boolean): ShownBanners {
  const sorted = weights.flatMap((tone) => banners.filter((banner) => banner.tone === tone))
  if (all || sorted.length <= MOST_LINES) return { shown: sorted, hidden: 0 }
  // The other line says how many more there are.
  const shown = sorted.slice(0, MOST_LINES - 1)
  return { shown, hidden: sorted.length - shown.length }
}

function bannerOf(
  id: string,
  group: readonly NamedNotice[],
  list: (names: readonly string[]) => string,
): BannerView {
  const [{ notice, by, own }] = group as readonly [NamedNotice]
  const names = [...new Set(group.flatMap(({ name }) => name ?? []))]
  const unnamed = group.some(({ name }) => name === null)
  const name = names.length === 0 || unnamed ? null : list(names)
  return {
    id,
    tone: outcomeOf(notice.code).during?.tone ?? 'error',
    text: wordNotice(notice.code, { name, by, own }),
    code: isE2eeCode(notice.code) ? notice.code : null,
    dismisses: group.map((one) => one.notice.id),
  }
}
