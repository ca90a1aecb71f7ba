/** Makes the two certificates: a local authority that can vouch for this machine only, and its server's. */
import 'reflect-metadata'
import { generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { nameConstraints } from './name-constraints.ts'

export interface Names {
  readonly hosts: readonly string[]
  readonly addresses: readonly string[]
}

export interface Issued {
  readonly certificate: string
  /** PKCS #8. */
  readonly key: string
}

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 5 * 365
// Browsers refuse certificates that are valid for longer than 398 days; the first hour lies in the past.
const SERVER_DAYS = 397
const CLOCK_SKEW_MS = 3_600_000
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

cryptoProvider.set(webcrypto)

/** A self-signed authority. Its name constraints (RFC 5280 section 4.2.1.10) make it worthless elsewhere. */
export async function issueAuthority(name: string, names: Names, now: Date): Promise<Issued> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }, { O: ['Huisclos'] }],
    ...validity(now, AUTHORITY_DAYS),
    signingAlgorithm: ECDSA,
    keys: { publicKey: cryptoKey(publicKey), privateKey: cryptoKey(privateKey) },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      nameConstraints(names),
      await SubjectKeyIdentifierExtension.create(cryptoKey(publicKey)),
    ],
  })
  return { certificate: pem(certificate), key: pkcs8(privateKey) }
}

/** A server certificate, followed by its authority's: the whole chain, as a TLS server wants it. */
export async function issueServer(
  authority: { readonly certificate: string; readonly key: KeyObject },
  names: Names,
  now: Date,
): Promise<Issued> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [names.hosts[0] ?? 'localhost'] }],
    issuer: issuer.subjectName,
    ...validity(now, SERVER_DAYS),
    signingAlgorithm: ECDSA,
    publicKey: cryptoKey(publicKey),
    signingKey: cryptoKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...names.hosts.map((value) => ({ type: 'dns', value }) as const),
        ...names.addresses.map((value) => ({ type: 'ip', value }) as const),
      ]),
      await SubjectKeyIdentifierExtension.create(cryptoKey(publicKey)),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { certificate: pem(certificate) + pem(issuer), key: pkcs8(privateKey) }
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  }
}

// x509 wants CryptoKeys; WebCrypto itself is e2ee-worker's alone (rule 3).
function cryptoKey(key: KeyObject): webcrypto.CryptoKey {
  const usage = key.type === 'private' ? 'sign' : 'verify'
  return key.toCryptoKey(ECDSA, true, [usage])
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`
}
