/**
 * `npm run chaos`: frozen and restarted servers, lossy, slow and changing networks, slow machines, in both browsers.
 *
 * Ends with an error if the page accuses anybody of it, or if something of it stays on the screen.
 */
import { join } from 'node:path'
import { endLeftovers, RUN } from './leftovers.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { ended, exitWith, start } from './processes.mjs'
import { openStage } from './stage.mjs'

await exitWith(async () => {
  const env = {
    ...(await prepare({ forTests: true })),
    ...process.env,
    ...RUN,
    NODE_EXTRA_CA_CERTS: join(ROOT, 'certs/ca.pem'),
    ALL_TESTS: '1',
  }
  const stage = await openStage()
  try {
    const args = ['playwright', 'test', 'web/e2e/innocents.spec.ts', ...process.argv.slice(2)]
    return await ended(
      start('npx', args, { cwd: ROOT, env: { ...env, ...stage.env }, stdio: 'inherit' }),
    )
  } finally {
    await stage.close()
    endLeftovers()
  }
})
