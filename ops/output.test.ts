/** A log whose reader does not read, or whose disk is full. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLog } from './log.ts'

const PROGRAM = `
  import { openLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))}
  const logger = openLog('info', false, process.stdout)
  let turns = 0
  setInterval(() => {
    for (let line = 0; line < 100; line += 1) logger.info('x'.repeat(1_000))
    turns += 1
    if (turns === 30) process.exit(7)
  }, 1)
`

function run(stdout: 'pipe' | number) {
  const flags = ['--input-type=module', '--eval', PROGRAM]
  return spawn(process.execPath, flags, { stdio: ['ignore', stdout, 'inherit'] })
}

async function exitCode(child: ReturnType<typeof run>): Promise<unknown> {
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

describe('O13 a program goes on and ends as it wants', () => {
  it('when the disk of its log is full', async () => {
    expect(await exitCode(run(openSync('/dev/full', 'w')))).toBe(7)
  })

  it('when nobody reads its log', async () => {
    expect(await exitCode(run('pipe'))).toBe(7)
  })

  it('when the reader of its log is gone', async () => {
    const child = run('pipe')
    child.stdout?.destroy()
    expect(await exitCode(child)).toBe(7)
  })
})

describe('O13 a log', () => {
  it('keeps no more than its share for a reader that stalls', () => {
    const stalled = new Writable({ write: () => undefined })
    const logger = openLog('info', false, stalled)
    for (let line = 0; line < 3_000; line += 1) logger.info('x'.repeat(1_000))
    expect(stalled.writableLength).toBeLessThan(1_100_000)
  })

  it('tells how many lines were lost once it is read again', async () => {
    const stream = new PassThrough()
    const logger = openLog('info', false, stream)
    for (let line = 0; line < 3_000; line += 1) logger.info('x'.repeat(1_000))
    let text = ''
    stream.on('data', (chunk) => (text += String(chunk)))
    await expect.poll(() => text).toMatch(/"lines":\d+,"msg":"lines of the log were lost"/)
  })

  it('is made for people at a terminal', async () => {
    const stream = new PassThrough()
    openLog('info', true, stream).info({ part: 'tcs' }, 'hello')
    const [line] = (await once(stream, 'data')) as [Buffer]
    expect(String(line)).toMatch(/INFO.*tcs: hello/s)
  })
})
