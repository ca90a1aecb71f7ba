/** Step "certificates": the local authority's, unless others are configured; and a second authority for tests. */
import { join } from 'node:path'
import { run } from './processes.mjs'

/** @param {string} root */
export async function ensureCertificates(root) {
  return await run(join(root, 'node_modules/.bin/node'), ['certs/make.ts'], { cwd: root })
}

/** Tests of impersonation need an authority that browsers trust as well, and that certifies somebody else. */
export const SECOND_AUTHORITY = '.test/second-authority'

/** @param {string} root */
export async function ensureSecondAuthority(root) {
  await run(join(root, 'node_modules/.bin/node'), ['certs/make.ts', SECOND_AUTHORITY], {
    cwd: root,
  })
}

/** The administrator has certificates of his own. */
export function certificatesAreGiven() {
  return Boolean(process.env.HC_TLS_CERT && process.env.HC_TLS_KEY)
}
