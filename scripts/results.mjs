/** Reads how many tests passed and failed, and how long they took, from the runners' own JSON reports. */
import { existsSync, readFileSync } from 'node:fs'
import { elapsed } from './progress.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ title: string, ms: number }} Timed */

const SLOWEST = 10

const VITEST = {
  args: (/** @type {string} */ file) => [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ],
  env: () => ({}),
  count: countVitest,
  times: timesOfVitest,
}

/**
 * How each runner that counts tests is told to write a report, and how the report is read.
 * @type {Record<string, { args: (file: string) => string[], env: (file: string) => Record<string, string>,
 *   count: (report: any) => Counts, times: (report: any) => Timed[] }>}
 */
export const REPORTS = {
  unit: VITEST,
  engines: VITEST,
  e2e: {
    args: () => ['--reporter=list,json'],
    env: (file) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    count: countPlaywright,
    times: timesOfPlaywright,
  },
}

/** @param {any} report */
export function countVitest(report) {
  // A file that cannot even be loaded is a failed suite without a failed test.
  const broken = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** @param {any} report */
export function countPlaywright({ stats, errors }) {
  // A test that passed only when repeated did not pass.
  const failed = stats.unexpected + stats.flaky + errors.length
  return { passed: stats.expected, failed, skipped: stats.skipped }
}

/**
 * @param {any} report
 * @returns {Timed[]}
 */
export function timesOfVitest({ testResults }) {
  return testResults.flatMap((/** @type {any} */ { assertionResults }) =>
    assertionResults.map((/** @type {any} */ { fullName, duration }) => ({
      title: fullName.trim(),
      ms: duration ?? 0,
    })),
  )
}

/**
 * @param {any} report of Playwright, or one of its suites: they hold tests and further suites
 * @returns {Timed[]}
 */
export function timesOfPlaywright({ suites = [], specs = [] }) {
  const own = specs.flatMap((/** @type {any} */ { title, tests }) =>
    tests.map((/** @type {any} */ { projectName, results }) => ({
      title: `${title} (${projectName})`,
      ms: results.reduce(
        (/** @type {number} */ sum, /** @type {any} */ one) => sum + one.duration,
        0,
      ),
    })),
  )
  return [...own, ...suites.flatMap(timesOfPlaywright)]
}

/**
 * What the person who started all this reads last: the slowest tests, then how many passed and failed.
 * @param {readonly { name: string, code: number, file: string }[]} runs `file`: where its report should be
 * @returns {string[]}
 */
export function closingLines(runs) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  /** @type {Timed[]} */
  const times = []
  for (const { name, code, file } of runs) {
    const report = readReport(file)
    const counts = report ? REPORTS[name].count(report) : { passed: 0, failed: 0, skipped: 0 }
    sum.passed += counts.passed
    sum.skipped += counts.skipped
    // Whatever ended badly counts, also when it does not count tests, or could not.
    sum.failed += code === 0 ? counts.failed : Math.max(counts.failed, 1)
    for (const { title, ms } of report ? REPORTS[name].times(report) : [])
      times.push({ title: `${name}: ${title}`, ms })
  }
  const slowest = times.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST)
  const lines = slowest.map(({ title, ms }) => `    ${elapsed(ms).padStart(12)}  ${title}`)
  return [...(lines.length > 0 ? ['the slowest tests:', ...lines] : []), said(sum)]
}

/**
 * @param {string} name of the runner
 * @param {string} file
 * @returns {string} `unit: 12 passed, 0 failed`, or that there is no report
 */
export function resultLine(name, file) {
  const report = readReport(file)
  return `${name}: ${report ? said(REPORTS[name].count(report)) : 'no report was written'}`
}

/** @param {Counts} counts */
function said({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** @param {string} file */
function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
