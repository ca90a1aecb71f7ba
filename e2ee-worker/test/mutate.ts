/**
 * Makes inputs for parsers out of valid messages: the same ones in every run, millions in seconds.
 *
 * HC_FUZZ_INPUTS says how many each parser gets: a quarter of a million when it is not set, ten million in `npm run fuzz`.
 */
import { E2eeError } from '../src/errors.ts'
import { toHex, type Bytes } from '../src/wire.ts'

export const FUZZ_INPUTS = Number(process.env['HC_FUZZ_INPUTS'] ?? 250_000)
/** Long enough for the slowest machine; it ends a parser that hangs in anything it awaits. */
export const FUZZ_TIMEOUT_MS = 600_000 * Math.max(1, FUZZ_INPUTS / 1_000_000)

type Random = (below: number) => number

/** Mulberry32: not random at all, which is what makes a failure repeatable. */
function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return Math.floor((((z ^ (z >>> 14)) >>> 0) / 0x1_0000_0000) * below)
  }
}

const LONGEST_GROWTH = 64
const EDGES = [0x00, 0x01, 0x02, 0x03, 0x07, 0x08, 0x7f, 0x80, 0xc8, 0xc9, 0xfe, 0xff]

/** One to four changes to one of `corpus`, now and then none, now and then noise. */
export class Mutator {
  readonly random: Random
  readonly #corpus: readonly Uint8Array[]
  readonly #scratch: Bytes
  #length = 0

  constructor(seed: number, corpus: readonly Uint8Array[]) {
    this.random = generator(seed)
    this.#corpus = corpus
    const longest = Math.max(...corpus.map(({ byteLength }) => byteLength))
    this.#scratch = new Uint8Array(longest + 4 * LONGEST_GROWTH)
  }

  /** Valid until the next call: it is always a view of the same memory. */
  next(): Bytes {
    const { random } = this
    const base = this.#corpus[random(this.#corpus.length)] ?? this.#scratch
    this.#scratch.set(base)
    this.#length = base.byteLength
    const kind = random(32)
    if (kind === 0) this.#noise()
    else if (kind > 1) for (let left = 1 + random(4); left > 0; left--) this.#change()
    return this.#scratch.subarray(0, this.#length)
  }

  #change(): void {
    const { random } = this
    const at = random(this.#length + 1)
    const change = CHANGES[random(CHANGES.length)]
    if (change) this.#length = change(this.#scratch, this.#length, at, random)
  }

  #noise(): void {
    this.#length = this.random(this.#length + LONGEST_GROWTH)
    for (let i = this.random(4); i < this.#length; i++) this.#scratch[i] = this.random(256)
  }
}

/** Returns the new length. */
type Change = (bytes: Uint8Array, length: number, at: number, random: Random) => number

/** Changes of single bytes come first and twice, because a message of another length is refused early. */
const CHANGES: readonly Change[] = [flipBit, setByte, setEdge, flipBit, setByte, setEdge].concat([
  (_bytes, _length, at) => at,
  (bytes, length, at, random) => {
    const grown = length + random(LONGEST_GROWTH)
    for (let i = length; i < grown; i++) bytes[i] = random(256)
    return at === 0 ? length : grown
  },
  (bytes, length, at, random) => {
    const gone = random(Math.min(LONGEST_GROWTH, length - at) + 1)
    bytes.copyWithin(at, at + gone, length)
    return length - gone
  },
  (bytes, length, at, random) => {
    const twice = random(Math.min(LONGEST_GROWTH, length - at) + 1)
    bytes.copyWithin(at + twice, at, length)
    return length + twice
  },
  (bytes, length, at, random) => {
    bytes.copyWithin(at, random(length + 1), length)
    return length
  },
])

function flipBit(bytes: Uint8Array, length: number, at: number, random: Random): number {
  if (at < length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
  return length
}

function setByte(bytes: Uint8Array, length: number, at: number, random: Random): number {
  if (at < length) bytes[at] = random(256)
  return length
}

/** One to four bytes of a value at which something ends or begins. */
function setEdge(bytes: Uint8Array, length: number, at: number, random: Random): number {
  const end = Math.min(length, at + 1 + random(4))
  bytes.fill(EDGES[random(EDGES.length)] ?? 0, at, end)
  return length
}

export interface FuzzResult {
  readonly accepted: number
  readonly refused: number
}

/**
 * Gives a parser its inputs. `parse` returns what it accepted, encoded again; that must be the input.
 * @throws whatever else than E2eeError the parser throws, with the input that made it.
 */
export function fuzz(
  corpus: readonly Uint8Array[],
  parse: (input: Bytes) => Uint8Array,
  seed = 1,
): FuzzResult {
  const mutator = new Mutator(seed, corpus)
  const { stackTraceLimit } = Error
  // Nearly every input is refused by an error, whose stack nobody reads.
  Error.stackTraceLimit = 0
  let accepted = 0
  try {
    for (let i = 0; i < FUZZ_INPUTS; i++) if (attempt(parse, mutator.next())) accepted++
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  return { accepted, refused: FUZZ_INPUTS - accepted }
}

function attempt(parse: (input: Bytes) => Uint8Array, input: Bytes): boolean {
  let encoded: Uint8Array
  try {
    encoded = parse(input)
  } catch (error) {
    if (error instanceof E2eeError) return false
    throw new Error(`thrown for ${toHex(input)}`, { cause: error })
  }
  if (!same(encoded, input)) throw new Error(`${toHex(input)} came back as ${toHex(encoded)}`)
  return true
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false
  return true
}
