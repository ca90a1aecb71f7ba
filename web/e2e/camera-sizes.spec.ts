/** The layers that a camera is worth: the whole picture is always among them, whatever its size. */
import type { Page } from '@playwright/test'
import type { Diagnostics } from '../src/call/health/diagnostics.ts'
import { changeCamera, LAYERED } from './camera.ts'
import { join, sees } from './meeting.ts'
import { expect, test } from './setup.ts'

test('P1 a small camera is sent whole, and so is every other that takes its place', async ({
  pair: { link, ada, grace },
}) => {
  for (const page of [ada, grace]) await join(page, link)
  await sees(grace, 'Ada Lovelace')
  await expect.poll(() => linesSent(ada)).toBe(180)
  await expect.poll(() => linesReceived(grace)).toBe(180)
  for (const size of [{ width: 640, height: 360 }, LAYERED, { width: 320, height: 180 }]) {
    await ada.getByRole('button', { name: 'Turn camera off' }).click()
    await changeCamera(ada, size)
    await ada.getByRole('button', { name: 'Turn camera on' }).click()
    await expect.poll(() => linesSent(ada)).toBe(size.height)
    await sees(grace, 'Ada Lovelace')
  }
})

async function statsOf(page: Page): Promise<Diagnostics> {
  return page.evaluate(async () => (await window.huisclosDiagnostics?.()) as Diagnostics)
}

async function linesSent(page: Page): Promise<number | undefined> {
  return (await statsOf(page)).sending.find(({ source }) => source === 'video')?.height
}

async function linesReceived(page: Page): Promise<number | undefined> {
  return (await statsOf(page)).receiving.find(({ kind }) => kind === 'video')?.height
}
