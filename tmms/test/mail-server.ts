/** A mail server that keeps what it is handed, and answers as a test wants it to. */
import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { SmtpServer } from '../src/domain/mail/mail-route.ts'

cryptoProvider.set(webcrypto)

interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly parsed: ParsedMail
}

export interface MailServer {
  readonly port: number
  /** PEM of its certificate, which signs itself. */
  readonly certificate: string
  readonly mails: readonly ReceivedMail[]
  /** How many connections were opened. */
  connections(): number
  /** As a route: encrypted unless `more` says otherwise. */
  route(more?: Partial<SmtpServer>): SmtpServer
  close(): Promise<void>
}

export interface MailServerOptions extends SMTPServerOptions {
  /** What its certificate is for; `localhost` when absent. */
  readonly certifiedName?: string
  readonly password?: string
  /** Before a mail is taken; throw what is to be answered, or cut the connection. */
  readonly judge?: (mail: ReceivedMail, cut: () => void) => Promise<void> | void
  /** After a mail was taken and before that is said. */
  readonly taken?: (cut: () => void) => Promise<void> | void
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { certifiedName = 'localhost', password, judge, taken, ...more } = options
  const { key, certificate } = await selfSigned(certifiedName)
  const mails: ReceivedMail[] = []
  let opened = 0
  const server = new SMTPServer({
    key,
    cert: certificate,
    authOptional: password === undefined,
    disableReverseLookup: true,
    closeTimeout: 50,
    onAuth: (auth, _session, callback) => {
      if (auth.password === password) callback(null, { user: auth.username ?? '' })
      else callback(new Error('5.7.8 Wrong user name or password'))
    },
    onData: (stream, session, callback) => {
      const receive = async (): Promise<void> => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        const { mailFrom, rcptTo } = session.envelope
        const raw = Buffer.concat(chunks).toString()
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          parsed: await simpleParser(raw),
        }
        const cut = (): void => cutConnection(server, session.id)
        await judge?.(mail, cut)
        mails.push(mail)
        await taken?.(cut)
      }
      receive().then(
        () => callback(),
        (error: unknown) => callback(error as Error),
      )
    },
    ...more,
  })
  // What a test cuts is no fault of the server.
  server.on('error', () => undefined)
  server.server.on('connection', () => {
    opened += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    certificate,
    mails,
    connections: () => opened,
    route: (route = {}) => ({
      host: 'localhost',
      port,
      security: options.secure === true ? 'tls' : 'starttls',
      user: password === undefined ? '' : 'huisclos',
      password: password ?? '',
      ...route,
    }),
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function cutConnection(server: SMTPServer, id: string): void {
  const connections = server.connections as unknown as Set<{ id: string; _socket: Socket }>
  for (const connection of connections) if (connection.id === id) connection._socket.destroy()
}

/** An answer of the server, with its code. */
export function smtpAnswer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

async function selfSigned(name: string): Promise<{ key: string; certificate: string }> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const day = 24 * 3_600_000
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: {
      publicKey: pair.publicKey.toCryptoKey(algorithm, true, ['verify']),
      privateKey: pair.privateKey.toCryptoKey(algorithm, true, ['sign']),
    },
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    extensions: [
      new BasicConstraintsExtension(true),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
    ],
  })
  return {
    key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: certificate.toString('pem'),
  }
}
