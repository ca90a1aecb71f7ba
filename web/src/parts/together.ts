/** How fields that are one answer, such as a date and its time, tell each other that one of them was corrected. */

export const TOGETHER = Symbol('together')
export interface Correction {
  /** The attempt after which one of them was changed; -1 before. */
  after: number
}
