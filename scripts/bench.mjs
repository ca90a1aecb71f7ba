/**
 * `npm run bench`: sets up what is missing, runs every benchmark, shows their lines and a table at the end.
 *
 * `npm run bench -- frames` runs one of them; what follows goes to it: `npm run bench -- frames 5 firefox`.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tableOf } from './bench-table.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { ended, exitWith, start } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

/** @typedef {import('./bench-table.mjs').Figure} Figure */

const FOLDER = join(ROOT, 'bench')

await exitWith(async () => {
  const [only, ...more] = process.argv.slice(2)
  const names = benchmarks()
  if (only && !names.includes(only)) {
    throw new SetupError(`There is no benchmark "${only}". There are: ${names.join(', ')}.`)
  }
  const env = {
    ...(await prepare({ forTests: true })),
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(ROOT, 'certs/ca.pem'),
  }
  /** @type {Figure[]} */
  const figures = []
  let code = 0
  for (const name of only ? [only] : names) {
    code = await run(name, more, env, figures)
    if (code !== 0) break
  }
  process.stdout.write(`\n${tableOf(figures)}\n`)
  return code
})

/** One file each; the rest of the folder are their parts. */
function benchmarks() {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length))
    .sort()
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {Figure[]} figures
 */
async function run(name, args, env, figures) {
  // The one installed here: it runs TypeScript, and whatever started us may not.
  const node = join(ROOT, 'node_modules/.bin/node')
  const child = start(node, [join(FOLDER, `${name}.bench.ts`), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`)
      if (line.startsWith('{')) figures.push(JSON.parse(line))
    })
  }
  return ended(child)
}
