/** What is said of a certificate by its dates and names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../sfu/test/certificate.ts'
import { CertificateWatch } from './certificate-watch.ts'

const DAY_MS = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
const [tlsCertFile, tlsKeyFile] = [join(folder, 'server.pem'), join(folder, 'server.key')]
let said: string[] = []
beforeEach(() => {
  said = []
})
afterAll(() => rmSync(folder, { recursive: true }))

async function watch(
  asked: Parameters<typeof makeCertificate>[1],
  { origin = 'https://meet.example.org:8443', laterMs = 0 } = {},
): Promise<CertificateWatch> {
  const { cert, key } = await makeCertificate('meet.example.org', asked)
  writeFileSync(tlsCertFile, cert)
  writeFileSync(tlsKeyFile, key)
  const write = (line: string): void => {
    said.push((JSON.parse(line) as { msg: string }).msg)
  }
  const logger = pino({ base: null }, { write })
  const now = (): number => Date.now() + laterMs
  return new CertificateWatch({ origin, logger, now, tlsCertFile, tlsKeyFile })
}

describe('O1 a certificate at the start', () => {
  const host = 'meet.example.org'
  it.each([
    ['for months and for this name says nothing', { host, days: [-1, 80] }, []],
    ['for every name of a domain says nothing', { host: '*.example.org', days: [-1, 80] }, []],
    ['for a few days, and on its first one, says nothing', { host, days: [0, 6] }, []],
    ['that has ended', { host, days: [-90, -1] }, [/ ended on [-\d]+: browsers refuse it\. Renew/]],
    ['that has not begun', { host, days: [1, 90] }, [/ begins on [-\d]+: .* Set the clock/]],
    [
      'for another name',
      { host: 'example.org', days: [-1, 80] },
      [/ is not for meet.*DNS:example/],
    ],
    ['for 13 days more', { host, days: [-77, 13.5] }, [/ ends on [-\d]+, days left: 13\. Renew/]],
    ['for 14 days more says nothing', { host, days: [-76, 14.5] }, []],
  ] as const)('%s', async (_what, asked, sentences) => {
    const certificate = await watch(asked)
    certificate.close()
    expect(said).toHaveLength(sentences.length)
    for (const [at, sentence] of sentences.entries()) {
      expect(said[at]).toMatch(sentence)
      expect(said[at]).toContain(`The TLS certificate file ${tlsCertFile} (HC_TLS_CERT)`)
    }
  })

  it('is looked at again while the server runs', async () => {
    const clock = { laterMs: 0, origin: 'https://meet.example.org' }
    const certificate = await watch({ host, days: [-1, 80] }, clock)
    certificate.check()
    expect(said).toEqual([])
    certificate.close()
    const later = await watch({ host, days: [-1, 80] }, { ...clock, laterMs: 70 * DAY_MS })
    later.close()
    expect(said.join()).toContain('days left: 9')
  })
})
