/** The audit log: what administrators see of it, and that every browser is its witness. */
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from '@playwright/test'
import { admin, call, meetingOf, pageOf } from './people.ts'
import { HuisclosServer } from './server.ts'
import { expect, test } from './setup.ts'

const SHORTER = 'The audit log of this server is shorter than when this browser last saw it.'
const MORE = 'What does this mean?'
const CHANGED = /not the one that this browser saw before: its past was changed/

test('A10 an older database put back, and a log rewritten with the stolen key, are told to whoever signs in', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const { people } = await meetingOf(server, 1)
  const database = join(server.dataDir, 'huisclos.db')
  const older = join(server.dataDir, 'older.db')
  await server.stop()
  await copyFile(database, older)
  await growLog(server)

  const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
  await witnessed(page, () => page.goto(server.origin))
  await expect.poll(() => sizeSeen(page)).toBeGreaterThan(0)
  await witnessed(page, () => page.reload())
  await expect(page.getByRole('button', { name: MORE })).toHaveCount(0)

  await server.stop()
  await putBack(database, older)
  await server.launch()
  await page.reload()
  await expect(page.getByText(SHORTER)).toBeVisible()

  await server.stop()
  rewrite(database)
  await growLog(server, 30)
  await page.reload()
  await expect(page.getByText(CHANGED)).toBeVisible()
  await page.getByRole('button', { name: MORE }).click()
  await expect(page.getByText(/in person or by telephone/)).toBeVisible()
  await page.getByRole('button', { name: 'A backup was restored: trust this log' }).click()
  await expect(page.getByRole('button', { name: MORE })).toHaveCount(0)
  await witnessed(page, () => page.reload())
  await expect(page.getByRole('button', { name: MORE })).toHaveCount(0)
  await context.close()
  await server.end()
})

test('administrators find entries, read one in words, and save the log', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { id, organiser } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browsers[thisBrowser], organiser)
  await page.goto(`${server.origin}/admin/audit`)
  await expect(page.getByRole('heading', { name: 'Entries', exact: true })).toBeVisible()
  await page.getByLabel('What happened').selectOption('Meeting planned')
  await expect(page).toHaveURL(/\/admin\/audit\?action=meeting-planned$/)
  await page.getByLabel('Search in names, addresses and details').fill('rosa')
  await expect(page.getByText('No entry fits.')).toBeVisible()
  await page.goBack()
  await page.getByRole('link', { name: 'Meeting planned' }).first().click()
  await expect(page.getByRole('heading', { name: /^Entry \d+ – Meeting planned$/ })).toBeVisible()
  await expect(page.getByText(`Meeting ${id}`)).toBeVisible()
  await page.getByRole('link', { name: 'All entries' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Save the whole log (JSON lines)' }).click()
  expect((await saving).suggestedFilename()).toMatch(/^audit-\d+\.jsonl$/)
  await context.close()
})

/** Goes somewhere, until the browser has asked for the checkpoint there. */
async function witnessed(page: Page, go: () => Promise<unknown>): Promise<void> {
  const asked = page.waitForResponse(/\/api\/audit\/checkpoint$/)
  await go()
  await asked
  await expect(page.getByRole('heading', { name: 'My meetings' })).toBeVisible()
}

/** Starts the server, has it write entries, and starts it again, so that they are signed. */
async function growLog(server: HuisclosServer, count = 2): Promise<void> {
  await server.launch()
  const { cookies } = await admin(server)
  for (let n = 0; n < count; n++) {
    await call(server, 'PATCH /api/me', { language: n % 2 === 0 ? 'fr' : 'en' }, cookies)
  }
  await server.stop()
  await server.launch()
}

async function putBack(database: string, older: string): Promise<void> {
  for (const rest of ['-wal', '-shm']) await rm(database + rest, { force: true })
  await copyFile(older, database)
}

/** The server itself then signs another past, with its own key. */
function rewrite(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('DELETE FROM audit_entries; DELETE FROM audit_nodes; DELETE FROM audit_checkpoints')
  database.close()
}

/** Size of the checkpoint that the browser keeps; 0 while it keeps none. */
function sizeSeen(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('huisclos-e2ee')
        opening.onerror = () => reject(new Error('no database'))
        opening.onsuccess = () => {
          const database = opening.result
          const done = (note: string): void => {
            database.close()
            resolve(Number(note.split('\n')[1] ?? 0))
          }
          if (!database.objectStoreNames.contains('logs')) {
            done('')
            return
          }
          const all = database.transaction('logs').objectStore('logs').getAll()
          all.onsuccess = () => done(String(all.result[0] ?? ''))
          all.onerror = () => done('')
        }
      }),
  )
}
