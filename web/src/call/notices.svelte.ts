/** Things the person should know about that do not end the call, each said once. */

export interface NoticeView {
  readonly id: string
  readonly code: string
  /** Whom it is about, as the TCS claims; null when nobody in particular. */
  readonly memberId: string | null
}

/** Attacks and faults of one message are dropped and counted by the worker; these are the ones to act upon. */
const worthSaying: ReadonlySet<string> = new Set([
  'clear-media',
  'codec-missing',
  'cannot-encrypt',
  'timeout',
  'internal',
  'not-allowed',
  'unknown',
  'E_PSK',
  'E_ROSTER',
  'E_TOKEN_FORMAT',
  'E_TOKEN_TYPE',
  'E_TOKEN_SIG',
  'E_TOKEN_AUD',
  'E_TOKEN_MEETING',
  'E_TOKEN_TIME',
  'E_JKT',
  'E_HELLO_SIG',
  'E_EK_REUSE',
  'E_EPOCH',
  'E_VERSION',
  'E_SUITE',
])
const MOST_AT_ONCE = 3

export class Notices {
  #list = $state.raw<readonly NoticeView[]>([])

  get list(): readonly NoticeView[] {
    return this.#list
  }

  add(code: string, memberId: string | null): void {
    if (!worthSaying.has(code)) return
    const id = `${code} ${memberId ?? ''}`
    if (this.#list.some((notice) => notice.id === id)) return
    this.#list = [...this.#list, { id, code, memberId }].slice(-MOST_AT_ONCE)
  }

  /** Takes back what is no longer so: of this code, only those about these members stay. */
  keep(code: string, memberIds: readonly string[]): void {
    this.#list = this.#list.filter(
      (notice) => notice.code !== code || memberIds.includes(notice.memberId ?? ''),
    )
  }

  dismiss(id: string): void {
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }
}
