/** Step "web client": builds it, unless nothing that goes into it has changed. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './processes.mjs'
import { hashOf, readStamp } from './stamp.mjs'

const INPUTS = [
  'web/src',
  'web/public',
  'web/messages',
  'web/project.inlang/settings.json',
  'web/index.html',
  'web/package.json',
  'web/svelte.config.js',
  'web/tsconfig.json',
  'web/vite.config.ts',
  'web/precompress.ts',
  'e2ee-worker/src',
  'e2ee-worker/package.json',
  'sfu/src/protocol.ts',
  'tmms/src/contract',
  'package-lock.json',
]
const GENERATED = ['web/src/paraglide']

/**
 * @param {string} root
 * @param {(text: string) => void} note
 */
export async function ensureWeb(root, note) {
  const stamp = join(root, 'web/dist/.stamp')
  const hash = hashOf(root, INPUTS, { skip: GENERATED })
  if (readStamp(stamp) === hash && existsSync(join(root, 'web/dist/index.html'))) return 'unchanged'
  note('building')
  // Vite empties the folder first, so a build that was cut off has no stamp.
  await run('npm', ['run', 'build', '-w', 'web'], { cwd: root, onLine: note })
  writeFileSync(stamp, `${hash}\n`)
  return 'built'
}
