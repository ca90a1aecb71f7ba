/**
 * `npm run audit:verify -- <export.jsonl> [--checkpoint FILE] [--key FILE]`: needs no server (docs/audit.md).
 *
 * Ends with 0 when all is as it was signed, 1 when not, 2 when it was called wrongly, 3 when nobody can tell who signed.
 */
import { createReadStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readKeyLine, verifyExport } from '@huisclos/tmms/verify-export'

const USAGE = 'npm run audit:verify -- export.jsonl [--checkpoint FILE] [--key FILE]'

interface Call {
  readonly path: string
  readonly key: Uint8Array | undefined
  readonly checkpoint: string | undefined
}

function readCall(): Call | string {
  const options = { key: { type: 'string' }, checkpoint: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) return `One export is verified at a time: ${USAGE}`
  const key = values.key === undefined ? undefined : readKeyLine(readFileSync(values.key, 'utf8'))
  if (values.key !== undefined && key === undefined) {
    return `${values.key} holds no public key: it should be the line that the Audit page shows.`
  }
  const { checkpoint } = values
  return { path, key, checkpoint: checkpoint && readFileSync(checkpoint, 'utf8') }
}

async function main(): Promise<number> {
  const call = readCall()
  if (typeof call === 'string') return tell(2, call)
  const verdict = await verifyExport(createReadStream(call.path) as AsyncIterable<Buffer>, call)
  if (!verdict.ok) return tell(1, verdict.sentence)
  const { origin, size } = verdict.head
  if (call.key === undefined) {
    const sentence = `The ${size} entries fit each other and the checkpoint. Who signed it, only --key can tell.`
    return tell(3, sentence)
  }
  return tell(0, `All ${size} entries of ${origin} are as they were signed.`)
}

function tell(code: number, sentence: string): number {
  const stream = code === 0 ? process.stdout : process.stderr
  stream.write(`${sentence}\n`)
  return code
}

try {
  process.exitCode = await main()
} catch (error) {
  // A file that is missing, or an option that does not exist.
  process.exitCode = tell(2, `${(error as Error).message}\n${USAGE}`)
}
