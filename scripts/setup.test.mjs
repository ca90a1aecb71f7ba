/** What makes a second start quick, and what the closing summary says, must not be wrong by a little. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { matches } from './dependencies.mjs'
import { isNewEnough, machineNode } from './runtime.mjs'
import { closingLines, countPlaywright, countVitest, resultLine } from './results.mjs'
import { hashOf } from './stamp.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (name, text) => {
  mkdirSync(join(root, 'recipe'), { recursive: true })
  writeFileSync(join(root, 'recipe', name), text)
}

describe('the hash that names a cached build', () => {
  it('stays the same when nothing changed', () => {
    put('a', '1')
    put('b', '2')
    expect(hashOf(root, ['recipe'])).toBe(hashOf(root, ['recipe']))
  })

  it.each([
    ['a content', () => put('a', '2')],
    ['a name', () => (rmSync(join(root, 'recipe/a')), put('c', '1'))],
    ['one file more', () => put('b', '')],
    ['where one file ends and the next begins', () => (put('a', ''), put('b', '1'))],
  ])('changes with %s', (_what, change) => {
    put('a', '1')
    const before = hashOf(root, ['recipe'])
    change()
    expect(hashOf(root, ['recipe'])).not.toBe(before)
  })

  it('does not look at what is left out, and knows the machine', () => {
    put('a', '1')
    const before = hashOf(root, ['recipe'], { skip: ['recipe/b'] })
    put('b', 'output')
    expect(hashOf(root, ['recipe'], { skip: ['recipe/b'] })).toBe(before)
    expect(hashOf(root, ['recipe'], { also: ['arm64'] })).not.toBe(before)
  })
})

describe('node_modules against the lock file', () => {
  const pino = { version: '10.4.0', integrity: 'sha512-a' }
  const wanted = { '': { version: '0.1.0' }, web: {}, 'node_modules/pino': pino }

  it('is as locked when every package is', () => {
    expect(matches(wanted, { 'node_modules/pino': pino })).toBe(true)
  })

  it.each([
    ['nothing is installed', {}],
    ['a version differs', { 'node_modules/pino': { ...pino, version: '10.3.0' } }],
    ['a content differs', { 'node_modules/pino': { ...pino, integrity: 'sha512-b' } }],
  ])('is not when %s', (_what, present) => {
    expect(matches(wanted, present)).toBe(false)
  })

  it('may lack what is for other systems only', () => {
    const other = { version: '1.0.0', integrity: 'sha512-c', optional: true }
    expect(matches({ 'node_modules/for-windows': other }, {})).toBe(true)
  })
})

describe('the Node that the servers run on', () => {
  it.each([
    ['24.2.0', true],
    ['26.0.1', true],
    ['24.1.9', false],
    ['20.20.2', false],
    [undefined, false],
  ])('%s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected)
  })

  it('is the machine\u2019s own when that is new enough, never one that npm put on the path', () => {
    const program = (folder, version) => {
      mkdirSync(join(root, folder), { recursive: true })
      writeFileSync(join(root, folder, 'node'), `#!/bin/sh\necho v${version}\n`, { mode: 0o755 })
      return join(root, folder)
    }
    const npms = program('node_modules/.bin', '99.0.0')
    const old = program('old', '20.20.2')
    const recent = program('recent', '24.3.0')
    expect(machineNode([npms, recent].join(delimiter))).toEqual({
      file: join(recent, 'node'),
      version: '24.3.0',
    })
    // The first of the path is what every other program of the machine gets, too.
    expect(machineNode([npms, old, recent].join(delimiter))).toBeUndefined()
    expect(machineNode(npms)).toBeUndefined()
  })
})

describe('the closing summary', () => {
  const stats = { expected: 7, unexpected: 1, flaky: 1, skipped: 2 }

  it('counts a flaky test and an error outside tests as failed', () => {
    const report = { stats, errors: [{ message: 'no browser' }] }
    expect(countPlaywright(report)).toEqual({ passed: 7, failed: 3, skipped: 2 })
  })

  it('counts a test file that cannot be loaded as failed', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }]
    const numbers = { numPassedTests: 4, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
    expect(countVitest({ ...numbers, testResults })).toEqual({ passed: 4, failed: 1, skipped: 0 })
  })

  it('is read from the report, and says so when there is none', () => {
    const file = join(root, 'e2e.json')
    expect(resultLine('e2e', file)).toBe('e2e: no report was written')
    writeFileSync(file, JSON.stringify({ stats: { ...stats, skipped: 0 }, errors: [] }))
    expect(resultLine('e2e', file)).toBe('e2e: 7 passed, 2 failed')
  })

  it('ends with the ten slowest tests of all runners and with how many passed and failed', () => {
    const assertionResults = Array.from({ length: 10 }, (_, index) => ({
      fullName: ` unit ${index}`,
      duration: 1000 + index,
    }))
    const numbers = { numPassedTests: 10, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
    put('unit.json', JSON.stringify({ ...numbers, testResults: [{ assertionResults }] }))
    const tests = [{ projectName: 'firefox', results: [{ duration: 70_000 }] }]
    const suites = [{ suites: [{ specs: [{ title: 'a call', tests }] }] }]
    put('e2e.json', JSON.stringify({ stats: { ...stats, skipped: 0 }, errors: [], suites }))
    const runs = ['unit', 'e2e'].map((name) => {
      return { name, code: 0, file: join(root, 'recipe', `${name}.json`) }
    })
    const lines = closingLines(runs)
    expect(lines).toHaveLength(12)
    expect(lines[1]).toMatch(/^ +1 min 10 s {2}e2e: a call \(firefox\)$/)
    expect(lines.at(-2)).toMatch(/^ +1.0 s {2}unit: unit 1$/)
    expect(lines.at(-1)).toBe('17 passed, 2 failed')
  })

  it('counts a runner that ended badly without a failed test as failed', () => {
    const file = join(root, 'missing.json')
    const runs = ['lint', 'unit'].map((name) => ({ name, code: 1, file }))
    expect(closingLines(runs)).toEqual(['0 passed, 2 failed'])
  })
})
