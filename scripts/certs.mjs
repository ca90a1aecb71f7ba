/** Step "certificates": the local authority's, unless others are configured. */
import { join } from 'node:path'
import { run } from './processes.mjs'

/** @param {string} root */
export async function ensureCertificates(root) {
  return await run(join(root, 'node_modules/.bin/node'), ['certs/make.ts'], { cwd: root })
}

/** The administrator has certificates of his own. */
export function certificatesAreGiven() {
  return Boolean(process.env.HC_TLS_CERT && process.env.HC_TLS_KEY)
}
