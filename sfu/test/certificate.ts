/** A self-signed certificate for 127.0.0.1, made when a test needs a TLS port of its own. */
import 'reflect-metadata'
import { generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto'
import {
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

interface Asked {
  /** DNS name that it is for. */
  readonly host?: string
  /** Days from now on. */
  readonly days?: readonly [from: number, to: number]
}

export async function makeCertificate(
  name = '127.0.0.1',
  { host = 'localhost', days: [from, to] = [-1, 1] }: Asked = {},
): Promise<{ cert: string; key: string }> {
  cryptoProvider.set(webcrypto)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + to * DAY_MS),
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
    signingAlgorithm: ECDSA,
    keys: { publicKey: cryptoKey(publicKey, 'verify'), privateKey: cryptoKey(privateKey, 'sign') },
  })
  return {
    cert: certificate.toString('pem'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function cryptoKey(key: KeyObject, usage: 'sign' | 'verify'): webcrypto.CryptoKey {
  return key.toCryptoKey(ECDSA, true, [usage])
}
