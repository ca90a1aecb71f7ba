/** What the page's side and the workers' side of the frames benchmark both name. */

export type Kind = 'audio' | 'video'

/** How long the frames of one round took, each way. */
export interface Timed {
  readonly encryptMs: number
  readonly decryptMs: number
}
