/** What the numbers of the security settings may be, and are unless set. Imports no schema, so that forms can take it for free. */
import { PASSWORD_MIN_CHARACTERS } from './limits.ts'

export interface SettingNumber {
  readonly min: number
  readonly max: number
  /** Unless set; `idleMinutes` alone may be 0, which is no limit. */
  readonly preset: number
}

// One line a number.
// prettier-ignore
export const SECURITY_NUMBERS = {
  /** A session that nothing was asked with for so long ends. In a call something is asked every ten minutes. */
  idleMinutes: { min: 15, max: 10_080, preset: 0 },
  /** Of a session that is not remembered; it ends with the browser as well. */
  hours: { min: 1, max: 168, preset: 12 },
  /** Of a session that is remembered. */
  rememberedDays: { min: 1, max: 365, preset: 30 },
  minCharacters: { min: PASSWORD_MIN_CHARACTERS, max: 64, preset: PASSWORD_MIN_CHARACTERS },
  /** Of a link that activates an account. */
  activationDays: { min: 1, max: 90, preset: 7 },
  /** Of such a link in an invitation to a meeting that is far ahead. */
  invitationDays: { min: 1, max: 90, preset: 90 },
  /** Of a link to choose a new password. */
  resetMinutes: { min: 5, max: 1440, preset: 30 },
} as const satisfies Readonly<Record<string, SettingNumber>>
export type SecurityNumber = keyof typeof SECURITY_NUMBERS
