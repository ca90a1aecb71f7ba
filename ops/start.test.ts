/** The real program, started where it cannot run, or twice: each time one sentence and no second life. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
let folder = ''
let started: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huisclos-start-'))
  started = []
})
afterEach(async () => {
  await Promise.all(started.map((child) => stop(child)))
  rmSync(folder, { recursive: true, force: true })
})

interface End {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Resolves when it is ready or has ended. */
function start(env: Readonly<Record<string, string>>): Promise<End> {
  const child = spawn(process.execPath, ['server.ts'], {
    cwd: root,
    env: { ...process.env, HC_DATA_DIR: join(folder, 'data'), HC_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
      if (/First administrator: .*\n/.test(out)) resolve({ code: null, out, err })
    })
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await gone
}

async function freePort(): Promise<string> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return String(port)
}

/** Every file below a folder with the hash of its content. */
function contents(path: string): Readonly<Record<string, string>> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name)
      return [file, createHash('sha256').update(readFileSync(file)).digest('hex')]
    }),
  )
}

describe('starting the program', () => {
  it('O3 a second server on one data folder is refused in one sentence and changes no key', async () => {
    await start({ HC_PORT: await freePort() })
    const keys = contents(join(folder, 'data/keys'))
    const second = await start({ HC_PORT: await freePort() })
    expect(second.code).toBe(1)
    expect(second.err).toBe(
      `Huisclos is running on the data folder ${join(folder, 'data')}: stop it first.\n`,
    )
    expect(contents(join(folder, 'data/keys'))).toEqual(keys)
  })

  it('the data folder is free again after a kill', async () => {
    await start({ HC_PORT: await freePort() })
    const [first] = started
    const gone = new Promise((resolve) => first?.once('close', resolve))
    first?.kill('SIGKILL')
    await gone
    const second = await start({ HC_PORT: await freePort() })
    expect(second).toMatchObject({ code: null, err: '' })
  })

  it('O8 a data folder that cannot be one is refused in one sentence', async () => {
    writeFileSync(join(folder, 'data'), 'a file')
    const end = await start({ HC_PORT: await freePort() })
    expect(end.code).toBe(1)
    expect(end.err).toMatch(/^The data folder .* cannot be written \(EEXIST\): .*HC_DATA_DIR.*\n$/)
  })

  it.each([
    ['missing', (path: string) => rmSync(path)],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])(
    'O12 a database that is %s beside keys is told, and no file is made or changed',
    async (_, spoil) => {
      await start({ HC_PORT: await freePort() })
      await Promise.all(started.map((child) => stop(child)))
      spoil(join(folder, 'data/huisclos.db'))
      const before = contents(join(folder, 'data'))
      const end = await start({ HC_PORT: await freePort() })
      expect(end.code).toBe(1)
      expect(end.err).toMatch(
        /^\S+huisclos\.db is (missing|empty), and \S+keys holds .* move \S+ away\.\n$/,
      )
      expect(contents(join(folder, 'data'))).toEqual(before)
    },
  )

  it('O12 a garbled database is told in one sentence', async () => {
    await start({ HC_PORT: await freePort() })
    await Promise.all(started.map((child) => stop(child)))
    writeFileSync(join(folder, 'data/huisclos.db'), 'hello '.repeat(2_000))
    const end = await start({ HC_PORT: await freePort() })
    expect(end).toMatchObject({ code: 1 })
    expect(end.err).toMatch(/^\S+huisclos\.db is damaged .*: restore it from a backup[^\n]*\.\n$/)
  })

  it('O9 a port in use ends the start with one sentence, and the data folder is free again', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '::', resolve))
    const { port } = holder.address() as AddressInfo
    const end = await start({ HC_PORT: String(port) })
    expect(end.code).toBe(1)
    expect(end.err).toBe(
      `Port ${port} is used by another program: stop it, or set HC_PORT to another port.\n`,
    )
    await new Promise((resolve) => holder.close(resolve))
    expect(await start({ HC_PORT: String(port) })).toMatchObject({ code: null })
  })

  it('O10 no link is printed where nobody sits at a terminal, unless it is asked for', async () => {
    const silent = await start({ HC_PORT: await freePort() })
    expect(silent.out).not.toContain('#')
    expect(silent.out).toContain('HC_PRINT_LINKS=1')
    await Promise.all(started.map((child) => stop(child)))
    const asked = await start({ HC_PORT: await freePort(), HC_PRINT_LINKS: '1' })
    expect(asked.out).toMatch(/\n\nFirst|\nFirst administrator: https:\/\/localhost:\d+\/setup#/)
  })

  it.each([
    ['HC_ORIGIN', 'https://192.0.2.7', 'must be a name, not an IP address'],
    ['HC_ORIGIN', 'https://[::1]:8443', 'must be a name, not an IP address'],
    ['HC_ORIGIN', 'http://meet.example.org', 'must be the address people type'],
    ['HC_PORT', '70000', 'must be a whole number'],
    ['HC_TLS_CERT', '/etc/hostname', 'HC_TLS_KEY is not'],
    ['HC_PRINT_LINKS', 'yes', 'must be one of'],
    ['HC_OOPS', '1', 'is not a setting'],
  ])('%s=%s is refused with a sentence that names it', async (name, value, sentence) => {
    const end = await start({ HC_PORT: '8443', [name]: value })
    expect(end.code).toBe(1)
    expect(end.err).toContain(name)
    expect(end.err).toContain(sentence)
    expect(end.err.trim().split('\n')).toHaveLength(1)
  })
})
