/**
 * `npm test`: sets up what is missing, then runs every check and test, and ends where one fails.
 *
 * `npm test -- unit` runs one of them; what follows goes to it: `npm test -- e2e --project=firefox`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { endLeftovers, RUN } from './leftovers.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { elapsed } from './progress.mjs'
import { endsWithin, exitWith, start } from './processes.mjs'
import { closingLines, REPORTS, resultLine } from './results.mjs'
import { SetupError } from './setup-error.mjs'
import { openStage } from './stage.mjs'

/** Those of one step run side by side, because each keeps a single core busy. */
const STEPS = [['lint', 'types', 'dead'], ['unit'], ['engines'], ['e2e']]
const RUNNERS = STEPS.flat()
/** Far more than any of them takes, on any machine: what hangs must end. */
const LIMIT_MS = 60 * 60_000
const CLOSING_LINES = 8
const RESULTS = join(ROOT, '.test/results')

await exitWith(async () => {
  const [only, ...more] = process.argv.slice(2)
  if (only && !RUNNERS.includes(only)) {
    throw new SetupError(`There is no runner "${only}". There are: ${RUNNERS.join(', ')}.`)
  }
  const began = Date.now()
  endLeftovers()
  const env = {
    ...(await prepare({ forTests: true })),
    ...process.env,
    ...RUN,
    // Every server and every runner reads the same sources.
    NODE_COMPILE_CACHE: join(ROOT, '.test/compile-cache'),
    NODE_EXTRA_CA_CERTS: join(ROOT, 'certs/ca.pem'),
  }
  rmSync(RESULTS, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  const reports = []
  let code = 0
  for (const names of only ? [[only]] : STEPS) {
    const step = await Promise.all(names.map((name) => check(name, more, env, names.length > 1)))
    reports.push(...step)
    code = step.find((report) => report.code !== 0)?.code ?? 0
    if (code !== 0) break
  }
  endLeftovers()
  summary(reports, Date.now() - began)
  return code
})

/**
 * Runs one runner; tests in browsers get a screen and a sound device.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} inCompany others run beside it, so that what it says is shown in one piece
 */
async function check(name, args, env, inCompany) {
  const began = Date.now()
  const held = [`\n== ${name}\n`]
  const show = (/** @type {string} */ text) =>
    inCompany ? held.push(text) : process.stdout.write(text)
  if (!inCompany) process.stdout.write(held.join(''))
  const stage = name === 'e2e' ? await openStage() : undefined
  try {
    const { code, closing } = await runner(name, args, { ...env, ...stage?.env }, show)
    return { name, code, closing, ms: Date.now() - began }
  } finally {
    if (inCompany) process.stdout.write(held.join(''))
    await stage?.close()
  }
}

/**
 * Runs an npm script, shows what it says and keeps the last lines.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} show
 */
async function runner(name, args, env, show) {
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
      show(`${line}\n`)
      const plain = stripVTControlCharacters(line).trim()
      if (plain !== '') closing.push(plain)
      if (closing.length > CLOSING_LINES) closing.shift()
    })
  }
  return { code: await endsWithin(child, LIMIT_MS), closing }
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
  const failed = reports.some(({ code }) => code !== 0)
  if (failed && left.length > 0) lines.push(`not run: ${left.join(', ')}`)
  lines.push(`all together ${elapsed(ms)}`, '')
  lines.push(
    ...closingLines(reports.map(({ name, code }) => ({ name, code, file: resultFile(name) }))),
  )
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
