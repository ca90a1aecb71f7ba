/** Everything that must be there before the server, or a test, can start. */
import { join } from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { certificatesAreGiven, ensureCertificates } from './certs.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { step } from './progress.mjs'
import { ensureWeb } from './web.mjs'
import { ensureWorker } from './worker.mjs'

export const ROOT = join(import.meta.dirname, '..')

/**
 * @param {{ forTests?: boolean }} [options]
 * @returns {Promise<Record<string, string>>} what to add to the environment
 */
export async function prepare({ forTests = false } = {}) {
  /** @type {Record<string, string>} */
  let env = {}
  await step('dependencies', (note) => ensureDependencies(ROOT, note))
  await step('media worker', async (note) => {
    const worker = await ensureWorker(ROOT, note)
    env = worker.env
    return worker.said
  })
  await step('web client', (note) => ensureWeb(ROOT, note))
  if (forTests || !certificatesAreGiven()) {
    await step('certificates', () => ensureCertificates(ROOT))
  }
  if (forTests) await step('browsers', (note) => ensureBrowsers(ROOT, note))
  return env
}
