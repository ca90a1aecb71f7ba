/** How long sessions last. */
import type { Settings } from '../../contract/settings.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import { DAY_MS } from '../accounts/link-life.ts'
import { readSettings } from '../settings/read.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

type SessionSettings = Settings['sessions']

export interface SessionLengths {
  readonly unrememberedMs: number
  readonly rememberedMs: number
  /** A session that was not used for so long ends; null: it does not. */
  readonly idleMs: number | null
}

export async function sessionLengths(rows: Pick<Rows, 'settings'>): Promise<SessionLengths> {
  return lengthsOf(await readSettings(rows, 'sessions'))
}

function lengthsOf({ idleMinutes, hours, rememberedDays }: SessionSettings): SessionLengths {
  return {
    unrememberedMs: hours * HOUR_MS,
    rememberedMs: rememberedDays * DAY_MS,
    idleMs: idleMinutes === 0 ? null : idleMinutes * MINUTE_MS,
  }
}

/** @throws {TmmsError} `bad-request` when a remembered session would be the shorter one. */
export function checkSessionSettings(value: SessionSettings): SessionSettings {
  const { unrememberedMs, rememberedMs } = lengthsOf(value)
  if (rememberedMs >= unrememberedMs) return value
  throw new TmmsError('bad-request', 'A remembered session may not be shorter than another.', {
    field: 'rememberedDays',
  })
}

/** Sessions that there are get shorter, never longer. Whoever was idle until now counts as just come. */
export async function applySessionSettings(
  { sessions }: Rows,
  value: SessionSettings,
  nowMs: number,
): Promise<void> {
  const { unrememberedMs, rememberedMs, idleMs } = lengthsOf(value)
  await sessions.shorten(0, unrememberedMs)
  await sessions.shorten(1, rememberedMs)
  await sessions.limitIdle(idleMs, nowMs)
}
