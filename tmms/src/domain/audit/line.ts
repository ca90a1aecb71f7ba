/** An entry of the audit log as the line of JSON that is hashed, exported and kept (docs/protocol.md, section 9). */
import { auditEntry, type AuditDetails, type AuditEntry } from '../../contract/audit.ts'

/** The one way to write this entry behind the line whose leaf hash is `prev` (base64; empty for the first). */
export function writeLine(entry: AuditEntry, prev: string): string {
  const { n, time, actor, action, object, from, details } = entry
  const head = { n, time, actor: named(actor), action, object: named(object), from }
  // The last two are written by hand: JavaScript would put names that look like numbers first.
  const tail = `"details":${writeDetails(details)},"prev":${write(prev)}}`
  return `${write(head).slice(0, -1)},${tail}`
}

/** Undefined for what this server would not have written so. */
export function readLine(line: string): { entry: AuditEntry; prev: string } | undefined {
  const value = parse(line)
  if (typeof value !== 'object' || value === null || !('prev' in value)) return undefined
  const { prev, ...rest } = value
  const parsed = auditEntry.safeParse(rest)
  if (!parsed.success || typeof prev !== 'string') return undefined
  return writeLine(parsed.data, prev) === line ? { entry: parsed.data, prev } : undefined
}

function named({ kind, id, name }: AuditEntry['actor'] | AuditEntry['object']): object {
  return { kind, id, name }
}

// RFC 8785 section 3.2.3: sorted by UTF-16 code units, which is how JavaScript compares strings.
function writeDetails(details: AuditDetails): string {
  const members = Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, value]) => `${write(name)}:${write(value)}`).join()}}`
}

// RFC 8785 section 3.2.2.2: UTF-8 has no bytes for half a surrogate pair.
function write(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed() : part,
  )
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
