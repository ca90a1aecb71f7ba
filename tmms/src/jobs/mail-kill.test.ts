/** A server that is killed while it mails: nothing is lost, and what comes twice says so. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startMailServer, type MailServer } from '../../test/mail-server.ts'

const MAILS = 40
const child = join(import.meta.dirname, '../../test/mail-child.ts')

let folder: string
let server: MailServer
let heard: () => void
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tmms-kill-'))
  heard = () => undefined
  server = await startMailServer({ disabledCommands: ['STARTTLS'], taken: () => heard() })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

function start(toQueue: number): ChildProcess {
  const values = [folder, String(server.port), String(toQueue)]
  return spawn(process.execPath, [child, ...values], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function told(running: ChildProcess, wanted: string): Promise<void> {
  for (;;) {
    const [word] = (await once(running, 'message')) as [string]
    if (word === wanted) return
  }
}

it('O6 kill -9 in the middle loses no mail, and doubles none under another Message-ID', async () => {
  for (const killedAt of [1, 7, 23]) {
    const before = server.mails.length
    const running = start(killedAt === 1 ? MAILS : 0)
    const gone = once(running, 'exit')
    await new Promise<void>((resolve) => {
      heard = () => {
        // After the server took it, before its answer is out: the worst moment there is.
        if (server.mails.length !== before + killedAt) return
        running.kill('SIGKILL')
        resolve()
      }
    })
    await gone
  }
  heard = () => undefined
  const last = start(0)
  await told(last, 'idle')
  last.kill('SIGTERM')
  await once(last, 'exit')
  const ids = new Map<string, Set<string>>()
  for (const { to, parsed } of server.mails) {
    const known = ids.get(to[0] ?? '') ?? new Set()
    ids.set(to[0] ?? '', known.add(parsed.messageId ?? ''))
  }
  expect(ids.size).toBe(MAILS)
  expect([...ids.values()].every((set) => set.size === 1)).toBe(true)
  // Each kill can double what was under way, and no more.
  expect(server.mails.length).toBeLessThanOrEqual(MAILS + 3 * 5)
})
