/** Verifies an export of the audit log without the server: from its lines, a public key, and an older checkpoint. */
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readLine } from './line.ts'
import { openNote, readNote, type TreeHead } from './note.ts'
import { leafHash, nodeHash } from './tree.ts'

const LF = 0x0a
/** Far more than any entry has. */
const LINE_MAX_BYTES = 1024 * 1024
/** No line holds a line break. */
const TOO_LONG = '\n'

export interface Evidence {
  /** 32 bytes; without it nobody can tell who signed. */
  readonly key?: Uint8Array | undefined
  /** A checkpoint of before, from whoever kept one. */
  readonly checkpoint?: string | undefined
}

export type Verdict =
  | { readonly ok: true; readonly entries: number; readonly head: TreeHead }
  /** One English sentence that says which line, counted from 1. */
  | { readonly ok: false; readonly sentence: string }

/** @param bytes of the export, in pieces of any length */
export async function verifyExport(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  evidence: Evidence,
): Promise<Verdict> {
  const older = olderHead(evidence)
  if (typeof older === 'string') return { ok: false, sentence: older }
  const log = new GrowingLog(older)
  for await (const line of linesOf(bytes)) {
    const sentence = log.take(line)
    if (sentence !== null) return { ok: false, sentence }
  }
  return log.end(evidence.key)
}

/** The head, nothing when none was given, or what is wrong with it. */
function olderHead({ key, checkpoint }: Evidence): TreeHead | undefined | string {
  if (checkpoint === undefined) return undefined
  const head = open(checkpoint, key)
  return head ?? 'The older checkpoint is damaged, or signed by another key.'
}

function open(note: string, key: Uint8Array | undefined): TreeHead | undefined {
  return key === undefined ? readNote(note) : openNote(note, key)
}

class GrowingLog {
  readonly #older: TreeHead | undefined
  /** Roots of the complete subtrees, largest first. */
  readonly #peaks: { readonly level: number; readonly hash: Buffer }[] = []
  #entries = 0
  #prev = ''
  #note: string | null = null
  #rootThen: Buffer | null = null

  constructor(older: TreeHead | undefined) {
    this.#older = older
    this.#remember()
  }

  /** What is wrong with the next line, or null. */
  take(line: string | null): string | null {
    const number = this.#entries + 1
    if (this.#note !== null)
      return `Something follows the checkpoint: line ${number + 1} was added.`
    if (line === null) {
      return `Line ${number} was altered or cut: it is not UTF-8, or has no line break at its end.`
    }
    if (line === TOO_LONG) {
      return `Line ${number} was altered, or this is no export: it is longer than ${LINE_MAX_BYTES} bytes.`
    }
    if (line.startsWith('{"checkpoint":')) {
      this.#note = noteIn(line)
      return this.#note === null ? `Line ${number}, the checkpoint, was altered.` : null
    }
    return this.#takeEntry(line, number)
  }

  end(key: Uint8Array | undefined): Verdict {
    const count = this.#entries
    const bad = (sentence: string): Verdict => ({ ok: false, sentence })
    if (this.#note === null) {
      return bad(`The export ends behind line ${count} without a checkpoint: its tail was cut.`)
    }
    const head = open(this.#note, key)
    const at = `Line ${count + 1}, the checkpoint,`
    if (head === undefined) return bad(`${at} was altered, or is signed by another key.`)
    if (head.size !== count) {
      const what = head.size > count ? 'lines before it are missing' : 'lines before it were added'
      return bad(`${at} is for ${head.size} entries, and there are ${count}: ${what}.`)
    }
    const rewritten = this.#againstOlder(head.origin)
    if (rewritten !== null) return bad(rewritten)
    if (!head.root.equals(this.#root())) {
      const line = `line ${count} was altered`
      return bad(`The entries are not those that the checkpoint is for: ${line}, or many were.`)
    }
    return { ok: true, entries: count, head }
  }

  #takeEntry(line: string, number: number): string | null {
    const read = readLine(line)
    if (read === undefined) {
      return `Line ${number} was altered: it is no entry as the server writes them.`
    }
    const { n } = read.entry
    if (n !== number - 1) {
      return `Line ${number} holds entry ${n} where entry ${number - 1} belongs: a line was removed, added or moved.`
    }
    if (read.prev !== this.#prev) {
      const before = number === 1 ? '' : `line ${number - 1} or `
      return `Line ${number} does not follow the line before it: ${before}line ${number} was altered.`
    }
    const leaf = leafHash(line)
    this.#prev = leaf.toString('base64')
    this.#entries = number
    this.#grow(leaf)
    this.#remember()
    return null
  }

  #grow(leaf: Buffer): void {
    let node = { level: 0, hash: leaf }
    for (let left = this.#peaks.at(-1); left?.level === node.level; left = this.#peaks.at(-1)) {
      this.#peaks.pop()
      node = { level: node.level + 1, hash: nodeHash(left.hash, node.hash) }
    }
    this.#peaks.push(node)
  }

  #root(): Buffer {
    const hashes = this.#peaks.map(({ hash }) => hash)
    if (hashes.length === 0) return createHash('sha256').digest()
    return hashes.reduceRight((right, left) => nodeHash(left, right))
  }

  #remember(): void {
    if (this.#older?.size === this.#entries) this.#rootThen = this.#root()
  }

  #againstOlder(origin: string): string | null {
    const older = this.#older
    if (older === undefined) return null
    if (older.origin !== origin) {
      return `The older checkpoint is of the log ${older.origin}, the export of ${origin}.`
    }
    if (this.#rootThen === null) {
      return `The export ends behind line ${this.#entries}, and the older checkpoint is for ${older.size} entries: its tail was cut.`
    }
    if (older.root.equals(this.#rootThen)) return null
    return `The first ${older.size} lines are not those that the older checkpoint is for: the log was rewritten.`
  }
}

function noteIn(line: string): string | null {
  try {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: unknown }
    // One way to write it.
    const same = typeof checkpoint === 'string' && JSON.stringify({ checkpoint }) === line
    return same ? checkpoint : null
  } catch {
    return null
  }
}

/** Null for a line that is not UTF-8, or has no line break behind it. The text of one that is too long is not kept. */
async function* linesOf(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string | null> {
  let pieces: Uint8Array[] = []
  let length = 0
  const keep = (piece: Uint8Array): void => {
    length += piece.length
    if (length <= LINE_MAX_BYTES) pieces.push(piece)
  }
  for await (const piece of bytes) {
    let from = 0
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, from)) {
      keep(piece.subarray(from, end))
      yield length > LINE_MAX_BYTES ? TOO_LONG : textOf(pieces)
      pieces = []
      length = 0
      from = end + 1
    }
    keep(piece.subarray(from))
    if (length > LINE_MAX_BYTES) break
  }
  if (length > 0) yield length > LINE_MAX_BYTES ? TOO_LONG : null
}

function textOf(pieces: readonly Uint8Array[]): string | null {
  const line = Buffer.concat(pieces)
  return isUtf8(line) ? line.toString('utf8') : null
}
