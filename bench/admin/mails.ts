/**
 * A thousand invitations through an SMTP server on this machine, with SIGKILL half way: none may be lost, and what comes
 * twice must have one Message-ID.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMailServer } from '../../tmms/test/mail-server.ts'
import { report } from '../report.ts'

const MAILS = 1000
const CHILD = join(import.meta.dirname, '../../tmms/test/mail-child.ts')

export async function benchMails(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'huisclos-bench-mail-'))
  let taken = (): void => undefined
  const server = await startMailServer({ disabledCommands: ['STARTTLS'], taken: () => taken() })
  const start = (mails: number): ChildProcess =>
    spawn(process.execPath, [CHILD, folder, String(server.port), String(mails)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  const first = start(MAILS)
  const killed = once(first, 'exit')
  let began = 0
  await new Promise<void>((resolve) => {
    taken = () => {
      began ||= performance.now()
      if (server.mails.length !== MAILS / 2) return
      first.kill('SIGKILL')
      resolve()
    }
  })
  const firstHalfMs = performance.now() - began
  taken = () => undefined
  await killed
  const second = start(0)
  await idle(second)
  second.kill('SIGTERM')
  await server.close()
  await rm(folder, { recursive: true })

  const ids = new Map<string, Set<string>>()
  for (const { to, parsed } of server.mails) {
    const known = ids.get(to[0] ?? '') ?? new Set()
    ids.set(to[0] ?? '', known.add(parsed.messageId ?? ''))
  }
  const renamed = [...ids.values()].filter((known) => known.size > 1).length
  figure('lost', 'mails', MAILS - ids.size)
  figure('under two Message-IDs', 'mails', renamed)
  figure('twice after the kill', 'mails', server.mails.length - ids.size)
  report({
    ...{ name: 'mails', metric: 'delivered', unit: 'per second', better: 'high' },
    samples: [(MAILS / 2 / firstHalfMs) * 1000],
  })
  if (ids.size !== MAILS || renamed > 0) process.exitCode = 1
}

function figure(metric: string, unit: string, value: number): void {
  report({ name: 'mails', metric, unit, better: 'low', samples: [value] })
}

async function idle(child: ChildProcess): Promise<void> {
  for (;;) {
    const [word] = (await once(child, 'message')) as [string]
    if (word === 'idle') return
  }
}
