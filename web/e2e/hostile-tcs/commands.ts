/** What a test may tell the hostile TCS to do: one JSON message each way over the child's IPC channel. */

/** People are named by their display names. A lie of which `victim` (everybody when absent) becomes the target, about what `about` says or is. */
export interface Target {
  readonly mid: string
  readonly victim?: string
  readonly about: string
}

/** Which end-to-end messages: HELLO 1, envelope 2, broadcast 3 (and of these, one type). */
export interface Kind {
  readonly kind?: 1 | 2 | 3
  readonly broadcast?: number
}

type Source = 'audio' | 'video' | 'screen'

/** Lies that go on until `truth`, and deeds done at once. */
export interface Lies {
  /** Key messages. */
  'swap-ek': Target
  'swap-ik': Target
  downgrade: Target
  'flip-bits': Target & Kind
  duplicate: Target & Kind
  drop: Target & Kind
  /** Every message comes after the one that followed it. */
  reorder: Target & Kind
  /** Everything of this kind that was ever delivered, once more. */
  replay: Target & Kind
  /** Everything that the victim itself ever sent, back to it. */
  reflect: { readonly mid: string; readonly victim: string }
  /** Messages of one member, stamped as if another had sent them. */
  restamp: Target & Kind & { readonly as: string }
  /** People. */
  ghost: { readonly mid: string; readonly victim: string }
  /** Announces one who has left, with the HELLOs recorded. */
  resurrect: Target
  'hide-person': Target
  'hide-leave': Target
  /** Media. */
  /** The victim drops what it receives of somebody and asks for it again. */
  'announce-anew': Target
  'relabel-media': Target & { readonly source: Source; readonly as: Source }
  'swap-media': Target & { readonly other: string; readonly source: Source }
  'inject-picture': Target
  'inject-silence': Target
  /** SFrame made elsewhere, base64, as audio of `about`. */
  'inject-frames': Target & { readonly frames: readonly string[] }
  /** The same, each in place of the real frame that has its counter. */
  'replace-frames': Target & { readonly frames: readonly string[] }
  freeze: Target
  delay: Target & { readonly ms: number }
  /** Servers. */
  'strip-flags': { readonly mid: string }
  'false-identity': { readonly mid: string; readonly how: 'no-proof' | 'own-key' | 'certified-kid' }
  'false-fingerprint': { readonly mid: string }
  'false-keys': { readonly how: 'own-root' | 'stolen-header' | 'recorded' }
}

export interface Commands {
  lie: { [L in keyof Lies]: { readonly lie: L; readonly args: Lies[L] } }[keyof Lies]
  /** Every lie ends; what was done stays done. */
  truth: Record<string, never>
  /** What kinds of requests somebody's newest connection has made. */
  asked: { readonly mid: string; readonly who: string }
  /** The first payloads of somebody's stream as the TCS sees them, base64 of whole RTP packets. */
  listen: {
    readonly mid: string
    readonly who: string
    readonly source: Source
    readonly packets: number
  }
}

export interface Replies {
  asked: readonly string[]
  lie: null
  truth: null
  listen: readonly string[]
}

export type CommandName = keyof Commands

export interface CommandMessage {
  readonly id: number
  readonly command: CommandName
  readonly args: Commands[CommandName]
}

export type ReplyMessage =
  | { readonly id: number; readonly ok: true; readonly reply: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string }
