/**
 * `npm run drill`: a TCS that lies on command against the web client, in both browsers.
 *
 * One line per attack and browser; ends with an error unless every attack was seen to fail.
 */
import { join } from 'node:path'
import { endLeftovers, RUN } from './leftovers.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { ended, exitWith, start } from './processes.mjs'
import { openStage } from './stage.mjs'

const SPECS = 'web/e2e/hostile-tcs/'
const REPORTER = './web/e2e/hostile-tcs/drill-reporter.ts'

await exitWith(async () => {
  const env = {
    ...(await prepare({ forTests: true })),
    ...process.env,
    ...RUN,
    NODE_EXTRA_CA_CERTS: join(ROOT, 'certs/ca.pem'),
    ALL_TESTS: '1',
    // Experimental parts of Node that the tests themselves use would speak between the lines.
    NODE_NO_WARNINGS: '1',
  }
  const stage = await openStage()
  try {
    const more = process.argv.slice(2)
    const child = start('npx', ['playwright', 'test', SPECS, `--reporter=${REPORTER}`, ...more], {
      cwd: ROOT,
      env: { ...env, ...stage.env },
      stdio: 'inherit',
    })
    process.stdout.write('\n')
    return await ended(child)
  } finally {
    await stage.close()
    endLeftovers()
  }
})
