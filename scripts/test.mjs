/**
 * `npm test`: sets up what is missing, then runs every check and test, and ends at the first that fails.
 *
 * `npm test -- unit` runs one of them; what follows goes to it: `npm test -- e2e --project=firefox`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { prepare, ROOT } from './prepare.mjs'
import { elapsed } from './progress.mjs'
import { ended, exitWith, start } from './processes.mjs'
import { REPORTS, resultLine } from './results.mjs'
import { SetupError } from './setup-error.mjs'
import { openStage } from './stage.mjs'

const RUNNERS = ['lint', 'types', 'dead', 'unit', 'engines', 'e2e']
const CLOSING_LINES = 8
const RESULTS = join(ROOT, '.test/results')

await exitWith(async () => {
  const [only, ...more] = process.argv.slice(2)
  if (only && !RUNNERS.includes(only)) {
    throw new SetupError(`There is no runner "${only}". There are: ${RUNNERS.join(', ')}.`)
  }
  const began = Date.now()
  const env = {
    ...(await prepare({ forTests: true })),
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(ROOT, 'certs/ca.pem'),
  }
  rmSync(RESULTS, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  const reports = []
  let code = 0
  for (const name of only ? [only] : RUNNERS) {
    const report = await check(name, more, env)
    reports.push(report)
    code = report.code
    if (code !== 0) break
  }
  summary(reports, Date.now() - began)
  return code
})

/**
 * Runs one runner; tests in browsers get a screen and a sound device.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function check(name, args, env) {
  process.stdout.write(`\n== ${name}\n`)
  const began = Date.now()
  const stage = name === 'e2e' ? await openStage() : undefined
  try {
    const { code, closing } = await runner(name, args, { ...env, ...stage?.env })
    return { name, code, closing, ms: Date.now() - began }
  } finally {
    await stage?.close()
  }
}

/**
 * Runs an npm script, shows what it says and keeps the last lines.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function runner(name, args, env) {
  const report = REPORTS[name]
  const file = resultFile(name)
  const own = [...(report?.args(file) ?? []), ...args]
  const child = start('npm', ['run', '--silent', name, '--', ...own], {
    cwd: ROOT,
    env: { ...colours(), ...env, ...report?.env(file) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  /** @type {string[]} */
  const closing = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      process.stdout.write(`${line}\n`)
      const plain = stripVTControlCharacters(line).trim()
      if (plain !== '') closing.push(plain)
      if (closing.length > CLOSING_LINES) closing.shift()
    })
  }
  return { code: await ended(child), closing }
}

// The runners write into a pipe and would leave their colours out.
function colours() {
  return process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
}

/**
 * @param {readonly { name: string, code: number, closing: readonly string[], ms: number }[]} reports
 * @param {number} ms
 */
function summary(reports, ms) {
  const lines = ['', '== summary']
  for (const { name, code, closing, ms } of reports) {
    lines.push(`${name} ${code === 0 ? 'ok' : `FAILED with code ${code}`}, ${elapsed(ms)}`)
    lines.push(...closing.map((line) => `    ${line}`))
  }
  lines.push('', ...reports.filter(({ name }) => REPORTS[name]).map(({ name }) => line(name)))
  const left = RUNNERS.slice(RUNNERS.indexOf(reports.at(-1)?.name ?? '') + 1)
  if (reports.at(-1)?.code !== 0 && left.length > 0) lines.push(`not run: ${left.join(', ')}`)
  lines.push(`all together ${elapsed(ms)}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** @param {string} name */
function line(name) {
  return resultLine(name, resultFile(name))
}

/** @param {string} name */
function resultFile(name) {
  return join(RESULTS, `${name}.json`)
}
