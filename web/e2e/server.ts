/** One Huisclos server for a test file: its own port, its own data folder, started and stopped like a user would. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { simpleParser } from 'mailparser'

const root = resolve(import.meta.dirname, '../..')

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly links: readonly string[]
  /** The calendar entry (RFC 5545), empty when there is none. */
  readonly calendar: string
}

export interface Person {
  readonly email: string
  readonly name: string
  readonly cookies: readonly { name: string; value: string }[]
}

export class HuisclosServer {
  /** Made by the first test that needs one; it lives as long as this server's data. */
  administrator: Person | undefined
  meetings = 0
  readonly origin: string
  readonly dataDir: string
  readonly port: number
  readonly #script: string
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #lines: string[] = []
  #mailsTold = 0

  private constructor(options: {
    port: number
    origin: string | undefined
    dataDir: string
    script: string
    env: Readonly<Record<string, string>>
  }) {
    this.port = options.port
    this.origin = options.origin ?? `https://localhost:${options.port}`
    this.dataDir = options.dataDir
    this.#script = options.script
    this.#env = options.env
  }

  static async start(
    options: {
      script?: string
      /** As people type it, when something stands between them and the server's port. */
      origin?: string
      /** A folder to start with, instead of an empty one; it is removed at the end all the same. */
      dataDir?: string
      env?: Readonly<Record<string, string>>
    } = {},
  ): Promise<HuisclosServer> {
    const server = new HuisclosServer({
      port: await freePort(),
      origin: options.origin,
      dataDir: options.dataDir ?? (await mkdtemp(join(tmpdir(), 'huisclos-e2e-'))),
      script: options.script ?? 'server.ts',
      env: options.env ?? {},
    })
    await server.launch()
    return server
  }

  /** Starts the process on the same port and data, and waits until it says that it is ready. */
  async launch(): Promise<void> {
    const child = spawn(resolve(root, 'node_modules/.bin/node'), [this.#script], {
      cwd: root,
      env: {
        ...process.env,
        HC_PORT: String(this.port),
        HC_ORIGIN: this.origin,
        HC_DATA_DIR: this.dataDir,
        HC_LOG_LEVEL: 'warn',
        HC_PRINT_LINKS: '1',
        ...this.#env,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    this.#child = child
    this.#lines = []
    const lines = createInterface({ input: child.stdout! })
    await new Promise<void>((ready, failed) => {
      child.once('exit', (code) => failed(new Error(`The server ended with ${String(code)}`)))
      lines.on('line', (line) => {
        this.#lines.push(line)
        if (line.startsWith('Mail for ')) this.#mailsTold += 1
        // The set-up link is the last line when there is one; a server with an administrator prints none.
        if (line.startsWith('Huisclos is ready')) void setTimeout(50).then(() => ready())
      })
    })
  }

  /** The channel to a server made for tests; the product does not listen to it. */
  get process(): ChildProcess {
    if (this.#child === undefined) throw new Error('The server was never started')
    return this.#child
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Null while it runs and when a signal ended it. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null
  }

  get output(): readonly string[] {
    return this.#lines
  }

  get setupLink(): string {
    const line = this.#lines.find((candidate) => candidate.startsWith('First administrator: '))
    if (line === undefined) throw new Error('No set-up link was printed')
    return line.slice('First administrator: '.length)
  }

  /** Every mail told so far, oldest first; waits for those that are still in the queue. */
  async mails(): Promise<Mail[]> {
    const names = await until(
      () => this.#mailFiles(),
      (files) => files.length >= this.#mailsTold,
    )
    const folder = join(this.dataDir, 'outbox')
    return Promise.all(names.map(async (name) => read(await readFile(join(folder, name)))))
  }

  /** The newest mail for an address. */
  async mailFor(address: string): Promise<Mail> {
    const mails = await until(
      () => this.mails(),
      (all) => all.some(({ to }) => to === address),
    )
    const mail = mails.findLast((candidate) => candidate.to === address)
    if (mail === undefined) throw new Error(`No mail for ${address}`)
    return mail
  }

  async #mailFiles(): Promise<string[]> {
    const names = await readdir(join(this.dataDir, 'outbox')).catch(() => [])
    return names.filter((name) => name.endsWith('.eml')).sort()
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolveGone) => child.once('exit', resolveGone))
    child.kill(signal)
    await gone
  }

  async end(): Promise<void> {
    await this.stop()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}

/** The first answer that is as wanted, or the last one of ten seconds. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (wanted(answer) || Date.now() > end) return answer
    await setTimeout(20)
  }
}

async function read(source: Buffer): Promise<Mail> {
  const mail = await simpleParser(source)
  const text = mail.text ?? ''
  const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
  const entry = mail.attachments.find(({ contentType }) => contentType === 'text/calendar')
  return {
    calendar: entry?.content.toString('utf8') ?? '',
    to: to?.value[0]?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html === false ? '' : (mail.html ?? ''),
    links: [...new Set(text.match(/https:\/\/[^\s<>")]+/g) ?? [])],
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening))
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}
