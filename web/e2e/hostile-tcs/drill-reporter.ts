/** The drill's report: one line per attack and browser, a closing line, and no success while one attack got through. */
import type { FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter'
import { ATTACKS } from './attacks.ts'
import { GOT_THROUGH, type Report } from './report.ts'

const NAME_WIDTH = Math.max(...Object.keys(ATTACKS).map((name) => name.length))
const NOT_TRIED = 'not tried'

// Playwright asks for a reporter by its default export.
export default class DrillReporter implements Reporter {
  readonly #tried = new Map<string, Set<string>>()
  readonly #failed: string[] = []

  onBegin(_config: unknown, suite: Suite): void {
    for (const project of suite.suites) this.#tried.set(project.title, new Set())
    this.#line('attack', 'browser', 'outcome', 'time to detection')
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const browser = test.parent.project()?.name ?? ''
    for (const { type, description } of result.annotations) {
      if (type === 'attack') this.#show(browser, JSON.parse(description ?? '') as Report)
    }
    if (result.status === 'passed') return
    this.#failed.push(`${test.title} (${browser})`)
    process.stdout.write(`${result.errors.map(({ message }) => message).join('\n')}\n`)
  }

  onError({ message }: { message?: string }): void {
    process.stdout.write(`${message ?? ''}\n`)
  }

  onEnd({ status }: FullResult): Promise<{ status: FullResult['status'] }> {
    let missing = 0
    for (const [browser, tried] of this.#tried) {
      for (const name of Object.keys(ATTACKS)) {
        if (tried.has(name)) continue
        missing += 1
        this.#line(name, browser, NOT_TRIED, '')
      }
    }
    const won = status === 'passed' && missing === 0 && this.#failed.length === 0
    process.stdout.write(`\n${this.#closing(won, missing)}\n`)
    return Promise.resolve({ status: won ? 'passed' : 'failed' })
  }

  #show(browser: string, { name, outcome, ms }: Report): void {
    if (outcome !== GOT_THROUGH) this.#tried.get(browser)?.add(name)
    this.#line(name, browser, outcome, `${(ms / 1000).toFixed(1)} s`)
  }

  #closing(won: boolean, missing: number): string {
    const attacks = Object.keys(ATTACKS).length
    const browsers = [...this.#tried.keys()].join(' and ')
    if (won) return `${attacks} attacks in ${browsers}: none got through.`
    const failed = this.#failed.length === 0 ? '' : ` Failed: ${this.#failed.join('; ')}.`
    return `${attacks} attacks in ${browsers}: ${missing} not shown to fail.${failed}`
  }

  #line(name: string, browser: string, outcome: string, time: string): void {
    const cells = [name.padEnd(NAME_WIDTH), browser.padEnd(8), outcome.padEnd(11), time]
    process.stdout.write(`${cells.join(' | ').trimEnd()}\n`)
  }
}
