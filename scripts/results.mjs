/** Reads how many tests passed and failed from the runners' own JSON reports. */
import { existsSync, readFileSync } from 'node:fs'

const VITEST = {
  args: (/** @type {string} */ file) => [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ],
  env: () => ({}),
  count: countVitest,
}

/**
 * How each runner that counts tests is told to write a report, and how the report is read.
 * @type {Record<string, { args: (file: string) => string[], env: (file: string) => Record<string, string>,
 *   count: (report: any) => { passed: number, failed: number, skipped: number } }>}
 */
export const REPORTS = {
  unit: VITEST,
  engines: VITEST,
  e2e: {
    args: () => ['--reporter=list,json'],
    env: (file) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    count: countPlaywright,
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
 * @param {string} name of the runner
 * @param {string} file
 * @returns {string} `unit: 12 passed, 0 failed`, or that there is no report
 */
export function resultLine(name, file) {
  if (!existsSync(file)) return `${name}: no report was written`
  const { passed, failed, skipped } = REPORTS[name].count(JSON.parse(readFileSync(file, 'utf8')))
  const rest = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${name}: ${passed} passed, ${failed} failed${rest}`
}
