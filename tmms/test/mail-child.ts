/** A server in a process of its own, to be killed: `node mail-child.ts <data folder> <SMTP port> <mails to queue>`. */
import { join } from 'node:path'
import pino from 'pino'
import { createTmms } from '../src/app.ts'
import { queueMail } from '../src/domain/mail/queue.ts'
import { sealWith } from '../src/domain/seal.ts'
import { openSealKey } from '../src/store/seal-file.ts'
import { sqliteDialect } from '../src/store/sqlite.ts'
import { openStore } from '../src/store/store.ts'

const [dataDir = '', port = '', count = '0'] = process.argv.slice(2)
const origin = 'https://meet.example.org'
const tmms = await createTmms({
  origin,
  tcsOrigin: origin,
  tcs: () => Promise.resolve([]),
  dataDir,
  webDir: dataDir,
  version: '0.1.0',
  e2eeSuite: 2,
  vouching: true,
  logger: pino({ level: 'error' }, process.stderr),
  smtp: { host: '127.0.0.1', port: Number(port), security: 'none', user: '', password: '' },
})
await queueAll(Number(count))
await tmms.sendDueMails()
process.send?.('idle')

async function queueAll(mails: number): Promise<void> {
  const store = await openStore(sqliteDialect(join(dataDir, 'huisclos.db')))
  const seal = sealWith(openSealKey(join(dataDir, 'keys'), { sealed: true, accounts: true }))
  const context = { now: () => Date.now(), seal, onMailQueued: () => undefined }
  await store.atomically(async (rows) => {
    for (let n = 0; n < mails; n += 1) {
      const to = { email: `p${n}@example.org`, language: 'en' as const }
      await queueMail(context, rows, to, { kind: 'welcome', role: 'user', link: `${origin}/#${n}` })
    }
  })
  await store.close()
}
