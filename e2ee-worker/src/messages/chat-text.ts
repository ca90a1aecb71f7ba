/**
 * What a chat message is before it is sealed, and how it is sealed: as SFrame under stream 15 of its author's key.
 *
 * plaintext = u8 1 || u64 time_ms || UTF-8 text
 */
import { E2eeError } from '../errors.ts'
import { Reader, join, text as utf8, u64, u8, type Bytes } from '../wire.ts'

const VERSION = 1
const MAX_CHARACTERS = 4000
const BYTES_BEFORE_TEXT = 9

/** Unicode controls but line feed and tab. Bidirectional marks stay: right-to-left scripts need them. */
const CONTROLS = /(?![\n\t])\p{Cc}/gu
const LONE_SURROGATE = /\p{Cs}/u

export interface ChatText {
  readonly text: string
  /** TMMS time. */
  readonly timeMs: number
}

/** @throws E2eeError E_LEN unless the text is 1 to 4000 well-formed characters, none a control but line feed and tab. */
export function requireText(text: string): void {
  if (text === '' || isTooLong(text)) throw new E2eeError('E_LEN')
  if (LONE_SURROGATE.test(text) || text.search(CONTROLS) !== -1) throw new E2eeError('E_LEN')
}

/** @throws E2eeError E_LEN, as `requireText`. */
export function encodeChat({ text, timeMs }: ChatText): Bytes {
  requireText(text)
  return join(u8(VERSION), u64(timeMs), utf8(text))
}

/**
 * Controls are taken out, because its author's software may not be ours.
 * @throws E2eeError E_VERSION, E_SHORT, or E_LEN when this is no UTF-8, too long, or nothing is left.
 */
export function decodeChat(plaintext: Bytes): ChatText {
  const reader = new Reader(plaintext)
  if (reader.u8() !== VERSION) throw new E2eeError('E_VERSION')
  const timeMs = reader.u64()
  const text = fromUtf8(plaintext.subarray(BYTES_BEFORE_TEXT)).replace(CONTROLS, '')
  if (text === '' || isTooLong(text)) throw new E2eeError('E_LEN')
  return { text, timeMs }
}

function fromUtf8(bytes: Uint8Array): string {
  try {
    // What is no UTF-8 is refused, and a byte order mark is a character like any other.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new E2eeError('E_LEN', { cause })
  }
}

/** Counts code points, of which an emoji is one although it takes two places in a string. */
function isTooLong(text: string): boolean {
  if (text.length <= MAX_CHARACTERS) return false
  return text.length > 2 * MAX_CHARACTERS || Array.from(text).length > MAX_CHARACTERS
}
