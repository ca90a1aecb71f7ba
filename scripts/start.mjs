/** `npm start`: sets up what is missing, then runs the server until it ends or is told to. */
import { join } from 'node:path'
import { prepare, ROOT } from './prepare.mjs'
import { ended, exitWith, isAtTerminal, start } from './processes.mjs'

await exitWith(async () => {
  // What somebody has set himself wins.
  const env = { ...(await prepare()), ...process.env }
  const node = join(ROOT, 'node_modules/.bin/node')
  const server = start(node, ['server.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  process.on('SIGHUP', () => {
    if (!isAtTerminal()) server.kill('SIGHUP')
  })
  return await ended(server)
})
