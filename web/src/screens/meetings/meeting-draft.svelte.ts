/** What is typed of a meeting, for planning and for changing one. */
import { AHEAD_MAX_DAYS, PAST_TOLERANCE_MINUTES } from '@huisclos/tmms/contract/limits'
import type { Meeting } from '@huisclos/tmms/contract/meetings'
import { readAddresses } from '../../account/address-list.ts'
import { checkAddresses } from '../../account/addresses.ts'
import { ApiFailure } from '../../account/api.ts'
import { momentsOf, toInputs, wordDuration, wordOffset } from '../../account/dates.ts'
import { likelyStart, momentOf, thisMoment } from './moments.ts'
import { possibleDurations } from './planning-rules.ts'

const DAY_MS = 24 * 3_600_000
const DURATIONS = [15, 30, 45, 60, 90, 120, 180, 240, 480]

export class MeetingDraft {
  title = $state('')
  date = $state('')
  time = $state('')
  startNow = $state(false)
  duration = $state('60')
  people = $state('')
  /** In the hour that comes twice when the clocks are put back: which of the two. */
  second = $state<'0' | '1'>('0')
  readonly #before: Meeting | null
  readonly #longest: () => number
  readonly #typed: { readonly date: string; readonly time: string; readonly second: string }
  readonly addresses = $derived(readAddresses(this.people))
  readonly #moments = $derived(momentsOf(this.date, this.time))
  readonly twice = $derived(
    !this.startNow && this.#moments?.length === 2
      ? this.#moments.map((moment, at) => ({
          value: at === 0 ? ('0' as const) : ('1' as const),
          label: `${this.time} (${wordOffset(moment)})`,
        }))
      : null,
  )

  /**
   * @param before the meeting to change, or null to plan one
   * @param longest minutes that profile and groups allow now
   */
  constructor(before: Meeting | null = null, longest: () => number = () => Infinity) {
    this.#before = before
    this.#longest = longest
    const start = before === null ? likelyStart() : momentOf(before.startsAt)
    const { date, time } = toInputs(start)
    this.date = date
    this.time = time
    if (before !== null) {
      this.title = before.title
      this.duration = String(before.durationMin)
      this.people = (before.invited ?? []).map(writePerson).join('\n')
      const at = this.#moments?.findIndex((moment) => moment.getTime() === start.getTime())
      this.second = at === 1 ? '1' : '0'
    }
    this.#typed = { date, time, second: this.second }
  }

  get durations(): readonly { value: string; label: string }[] {
    const own = this.#before?.durationMin
    const all = own === undefined || DURATIONS.includes(own) ? DURATIONS : [...DURATIONS, own]
    const sorted = all.toSorted((one, other) => one - other)
    const named = sorted.map((minutes) => ({
      value: String(minutes),
      label: wordDuration(minutes),
    }))
    return possibleDurations(named, this.#longest())
  }

  /** What was chosen, or the longest that is allowed. */
  get lasting(): string {
    const possible = this.durations
    return possible.some(({ value }) => value === this.duration)
      ? this.duration
      : (possible.at(-1)?.value ?? this.duration)
  }

  /** Whether another time than the meeting's was chosen. */
  get moved(): boolean {
    const { date, time, second } = this.#typed
    return this.date !== date || this.time !== time || this.second !== second || this.startNow
  }

  /** To the second when nothing was moved. */
  startsAt(): Date | null {
    if (this.#before !== null && !this.moved) return momentOf(this.#before.startsAt)
    if (this.startNow) return thisMoment()
    return this.#moments?.[this.twice === null ? 0 : Number(this.second)] ?? null
  }

  check(): readonly (ApiFailure | null)[] {
    return [
      this.title.trim() === '' ? new ApiFailure('missing', { field: 'title' }) : null,
      this.#checkStart(),
      ...checkAddresses(this.addresses, 'invited'),
    ]
  }

  #checkStart(): ApiFailure | null {
    const field = 'startsAt'
    if (this.#before !== null && !this.moved) return null
    if (this.#moments === null && !this.startNow) return new ApiFailure('invalid-date', { field })
    const start = this.startsAt()
    if (start === null) return new ApiFailure('no-such-hour', { field, value: this.time })
    const ahead = start.getTime() - Date.now()
    if (ahead > AHEAD_MAX_DAYS * DAY_MS) return new ApiFailure('date-too-far', { field })
    return ahead < -PAST_TOLERANCE_MINUTES * 60_000
      ? new ApiFailure('date-in-past', { field })
      : null
  }
}

function writePerson({ email, name }: { readonly email: string; readonly name: string }): string {
  return name === '' ? email : `${name} <${email}>`
}
