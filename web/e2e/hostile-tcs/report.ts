/** What a spec notes of an attack and the drill's reporter reads: the text of an annotation of type `attack`. */

export const GOT_THROUGH = 'GOT THROUGH'

export interface Report {
  readonly name: string
  /** What came of it, or `GOT_THROUGH`. */
  readonly outcome: string
  /** From the deed, or the lie, until the person sees it. */
  readonly ms: number
}
