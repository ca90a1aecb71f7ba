/** `npm start`: sets up what is missing, then runs the server until it ends or is told to. */
import { join } from 'node:path'
import { prepare, ROOT } from './prepare.mjs'
import { ended, exitWith, isAtTerminal, start } from './processes.mjs'

await exitWith(async () => {
  // What somebody has set himself wins.
  const env = { ...(await prepare()), ...process.env }
  const node = join(ROOT, 'node_modules/.bin/node')
  // The server alone is told: it ends its media workers when the meetings are closed.
  const options = { cwd: ROOT, env, stdio: /** @type {const} */ (['ignore', 'inherit', 'inherit']) }
  const server = start(node, ['server.ts'], options, (child) => (signal) => child.kill(signal))
  process.on('SIGHUP', () => {
    if (!isAtTerminal()) server.kill('SIGHUP')
  })
  return await ended(server)
})
