/** `npm run rotate-root`: a new root key for a server that is stopped. */
import { rotateRoot } from '@huisclos/tmms/rotate-root'
import { ConfigError, readDataDir } from './config.ts'

try {
  const dataDir = readDataDir(process.env, import.meta.dirname)
  const { issuer, former, current } = await rotateRoot(dataDir, Date.now())
  process.stdout.write(
    [
      `The root key of ${issuer} was changed.`,
      `  before: ${former}`,
      `  now:    ${current}`,
      `Links made before keep working: the former key signed the change, and was then deleted.`,
      `Back up ${dataDir} now, and start Huisclos again.`,
      '',
    ].join('\n'),
  )
} catch (error) {
  const known = error instanceof ConfigError || (error as Error).name === 'TmmsError'
  process.stderr.write(`${known ? (error as Error).message : String((error as Error).stack)}\n`)
  process.exitCode = 1
}
