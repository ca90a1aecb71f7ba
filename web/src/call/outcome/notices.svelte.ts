/** Things the person should know about that do not end the call: those to act upon, and a list of all refusals. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import { SOON_MS } from './for-a-while.ts'
import { countRefusal, type Refusal } from './refusals.ts'
import { outcomeOf } from './table.ts'

export interface NoticeView {
  readonly id: string
  readonly code: string
  /** Whom it is about, as the TCS claims; null when nobody in particular. */
  readonly memberId: string | null
  /** The name as it is known from elsewhere, when its member is not in the meeting. */
  readonly name: string | null
  /** Which member did it. */
  readonly by: string | null
}

type About = Partial<Pick<NoticeView, 'name' | 'by'>>

const MOST_AT_ONCE = 3

export class Notices {
  #list = $state.raw<readonly NoticeView[]>([])
  #refusals = $state.raw<readonly Refusal[]>([])
  readonly #timers: Record<string, ReturnType<typeof setTimeout>> = {}

  get list(): readonly NoticeView[] {
    return this.#list
  }

  /** Everything the encryption refused so far, the newest first; shown in the security panel. */
  get refusals(): readonly Refusal[] {
    return this.#refusals
  }

  /** The worker refused something. */
  refused(code: E2eeCode, memberId: string | null): void {
    this.#refusals = countRefusal(this.#refusals, { code, memberId })
    this.add(code, memberId)
  }

  add(code: string, memberId: string | null, { name = null, by = null }: About = {}): void {
    const { during } = outcomeOf(code)
    if (during?.place !== 'banner') return
    const id = `${code} ${memberId ?? ''}`
    if (during.over === 'soon') this.#dismissLater(id)
    if (this.#list.some((notice) => notice.id === id)) return
    this.#list = shorten([...this.#list, { id, code, memberId, name, by }])
  }

  /** Takes back what is no longer so: of this code, only those about these members stay. */
  keep(code: string, memberIds: readonly string[]): void {
    this.#list = this.#list.filter(
      (notice) => notice.code !== code || memberIds.includes(notice.memberId ?? ''),
    )
  }

  /** Who stood outside has come in after all, or is gone. */
  settled(memberIds: readonly string[]): void {
    this.#list = this.#list.filter(
      ({ code, memberId }) =>
        memberId === null ||
        !memberIds.includes(memberId) ||
        outcomeOf(code).during?.over !== 'with-member',
    )
  }

  dismiss(id: string): void {
    clearTimeout(this.#timers[id])
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }

  close(): void {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }

  #dismissLater(id: string): void {
    clearTimeout(this.#timers[id])
    this.#timers[id] = setTimeout(() => this.dismiss(id), SOON_MS)
  }
}

function shorten(list: readonly NoticeView[]): readonly NoticeView[] {
  if (list.length <= MOST_AT_ONCE) return list
  const oldest = list.find(({ code }) => outcomeOf(code).during?.lasting !== true)
  return oldest === undefined ? list.slice(-MOST_AT_ONCE) : list.filter((one) => one !== oldest)
}
