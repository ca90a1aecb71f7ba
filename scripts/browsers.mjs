/**
 * Step "browsers": Debian's Chromium and Firefox, and certificate stores in which they find the local CA
 * and, for tests of impersonation, a second one.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureSecondAuthority, SECOND_AUTHORITY } from './certs.mjs'
import { isInstalled, run } from './processes.mjs'
import { needPackages } from './packages.mjs'
import { hashOf, readStamp } from './stamp.mjs'

const PACKAGES = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  certutil: 'libnss3-tools',
  Xvfb: 'xvfb',
  pulseaudio: 'pulseaudio',
}
// Without any font a page's letters have no width, and clicks miss.
const FONTS = { file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', name: 'fonts-dejavu-core' }
const STORES = ['chromium-home/.pki/nssdb', 'firefox']

/**
 * @param {string} root
 * @param {(text: string) => void} note
 */
export async function ensureBrowsers(root, note) {
  const missing = Object.entries(PACKAGES).filter(([command]) => !isInstalled(command))
  const packages = missing.map(([, name]) => name)
  if (!existsSync(FONTS.file)) packages.push(FONTS.name)
  if (packages.length > 0) await needPackages(packages, note)
  const said = packages.length > 0 ? `installed ${packages.join(', ')}` : 'installed'
  return (await trust(root)) ? `${said}; trust the local CA anew` : said
}

/**
 * The test browsers' own stores: nobody's personal one is touched, and certificate checks stay on.
 * @param {string} root
 * @returns {Promise<boolean>} whether anything had to be done
 */
async function trust(root) {
  const folder = join(root, '.test/trust')
  const stamp = join(folder, 'stamp')
  await ensureSecondAuthority(root)
  const authorities = { Huisclos: 'certs/ca.pem', Second: `${SECOND_AUTHORITY}/ca.pem` }
  const hash = hashOf(root, Object.values(authorities))
  if (readStamp(stamp) === hash) return false
  rmSync(folder, { recursive: true, force: true })
  for (const store of STORES) {
    const path = join(folder, store)
    mkdirSync(path, { recursive: true })
    const database = ['-d', `sql:${path}`]
    await run('certutil', ['-N', ...database, '--empty-password'])
    for (const [name, file] of Object.entries(authorities))
      await run('certutil', ['-A', ...database, '-n', name, '-t', 'C,,', '-i', join(root, file)])
  }
  writeFileSync(stamp, `${hash}\n`)
  return true
}
