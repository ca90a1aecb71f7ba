import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import {
  smtpAnswer,
  startMailServer,
  type MailServerOptions,
  type MailServer,
} from '../../test/mail-server.ts'
import type { SmtpServer } from '../domain/mail/mail-route.ts'
import { shippedDress } from '../domain/mail/dress.ts'
import type { Mail, MeetingNotice } from '../domain/mail/mail.ts'
import { compose } from './compose.ts'
import { testSmtp } from './smtp-test.ts'
import { openSmtp, type SmtpOptions } from './smtp.ts'
import type { Transport } from './transport.ts'

const matching = (text: RegExp): unknown => expect.stringMatching(text)
const NOW = Date.parse('2026-03-03T10:00:00Z')
const PASSWORD = 'the password of the mail server'
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function mailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options)
  open.push(server)
  return server
}

const limits = { connectMs: 2_000, greetingMs: 1_500, silenceMs: 2_500 }
const optionsFor = (server: SmtpServer, ca: string | null): SmtpOptions => ({
  server,
  ca,
  name: 'meet.example.org',
  limits,
})

function transport(server: SmtpServer, ca: string | null): Transport {
  const made = openSmtp(optionsFor(server, ca))
  open.push(made)
  return made
}

const meeting: MeetingNotice = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  title: 'Board\r\nBcc: evil@example.org\r\n\r\nbody',
  startsAt: NOW,
  durationMin: 60,
  zone: 'Europe/Paris',
  sequence: 0,
  organiser: { name: 'Ada\r\nBcc: evil@example.org', email: 'ada@example.org' },
  link: 'https://meet.example.org/j/A#v1.x',
}
const sender = { name: 'Ministère', address: 'meet@example.org', replyTo: 'help@example.org' }

function message(mail: Mail = { kind: 'test' }, email = 'bob@example.org', id = 'mail-1') {
  const dress = shippedDress(mail.kind)
  const stamp = { id, createdAt: NOW, host: 'meet.example.org', sender, dress }
  return compose({ email, language: 'en' }, mail, stamp)
}

/** Answers every connection by itself. */
async function rawServer(serve: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  })
  return (server.address() as AddressInfo).port
}

describe('mails by SMTP', () => {
  it.each([true, false])(
    'arrive encrypted and signed in (TLS from the start: %s)',
    async (secure) => {
      const seen: boolean[] = []
      const server = await mailServer({
        secure,
        password: PASSWORD,
        onMailFrom: (_address, session, callback) => {
          seen.push(session.secure)
          callback()
        },
      })
      const smtp = transport(server.route(), server.certificate)
      expect(await smtp.deliver(message())).toMatchObject({
        outcome: 'sent',
        answer: matching(/^250 /),
      })
      expect(seen).toEqual([true])
      const [mail] = server.mails
      expect(mail).toMatchObject({ from: 'meet@example.org', to: ['bob@example.org'] })
      expect(mail?.parsed.messageId).toBe('<mail-1@meet.example.org>')
      expect(mail?.parsed.from?.value).toEqual([{ name: 'Ministère', address: 'meet@example.org' }])
      expect(mail?.parsed.replyTo?.value[0]?.address).toBe('help@example.org')
      expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated')
    },
  )

  it('use a connection again', async () => {
    const server = await mailServer()
    const smtp = transport(server.route(), server.certificate)
    for (let n = 0; n < 20; n += 1) {
      const email = `p${n}@example.org`
      expect((await smtp.deliver(message({ kind: 'test' }, email))).outcome).toBe('sent')
    }
    expect([server.mails.length, server.connections()]).toEqual([20, 1])
  })

  it('A9 go to nobody whose certificate is unknown or for another name', async () => {
    const stranger = await mailServer()
    const other = await mailServer({ certifiedName: 'other.example.org', secure: true })
    for (const [server, ca, why] of [
      [stranger, null, /not trusted/],
      [other, other.certificate, /not trusted.*other\.example\.org/],
    ] as const) {
      const delivery = await transport(server.route({ user: 'a', password: PASSWORD }), ca).deliver(
        message(),
      )
      expect(delivery).toMatchObject({ outcome: 'failed', everybody: true, answer: matching(why) })
      expect(server.mails).toEqual([])
    }
  })

  it('A9 go to nobody who does not offer to encrypt', async () => {
    const server = await mailServer({ disabledCommands: ['STARTTLS'] })
    const smtp = transport(server.route(), server.certificate)
    expect(await smtp.deliver(message())).toMatchObject({ outcome: 'failed', everybody: true })
    const clear = transport(server.route({ security: 'none' }), null)
    expect(await clear.deliver(message())).toMatchObject({ outcome: 'sent' })
  })

  it('a wrong password fails everybody, and the answer does not repeat it', async () => {
    const server = await mailServer({ password: PASSWORD })
    const smtp = transport(server.route({ password: 'wrong-password-1' }), server.certificate)
    const delivery = await smtp.deliver(message())
    expect(delivery).toMatchObject({
      outcome: 'failed',
      everybody: true,
      answer: matching(/^535 .*5\.7\.8/),
    })
    expect(JSON.stringify(delivery)).not.toContain('wrong-password-1')
  })

  it.each([
    [450, 'failed'],
    [550, 'refused'],
  ] as const)('%s for one recipient is about this mail alone', async (code, outcome) => {
    const server = await mailServer({
      onRcptTo: ({ address }, _session, callback) => {
        if (address.startsWith('nobody')) callback(smtpAnswer(code, 'no such mailbox'))
        else callback()
      },
    })
    const smtp = transport(server.route(), server.certificate)
    const delivery = await smtp.deliver(message({ kind: 'test' }, 'nobody@example.org'))
    expect(delivery).toMatchObject({ outcome, answer: `${code} no such mailbox` })
    expect(delivery).not.toMatchObject({ everybody: true })
    expect((await smtp.deliver(message())).outcome).toBe('sent')
  })

  it.each([
    [451, 'failed'],
    [554, 'refused'],
  ] as const)('%s for what it says is about this mail alone', async (code, outcome) => {
    const judge = () => {
      throw smtpAnswer(code, 'not like this')
    }
    const server = await mailServer({ judge })
    const smtp = transport(server.route(), server.certificate)
    expect(await smtp.deliver(message())).toMatchObject({
      outcome,
      answer: `${code} not like this`,
    })
  })

  it('a sender that is refused is a matter for everybody, and gives nothing up', async () => {
    const server = await mailServer({
      onMailFrom: (_address, _session, callback) => callback(smtpAnswer(553, 'not your address')),
    })
    const smtp = transport(server.route(), server.certificate)
    expect(await smtp.deliver(message())).toEqual({
      outcome: 'failed',
      everybody: true,
      unsure: false,
      answer: '553 not your address',
    })
  })

  it.each(['judge', 'taken'] as const)(
    'a connection cut at "%s" leaves the mail unsent',
    async (when) => {
      let cut = true
      const server = await mailServer({
        [when]: (...given: unknown[]) => {
          if (!cut) return
          cut = false
          ;(given.at(-1) as () => void)()
          return new Promise<void>(() => undefined)
        },
      })
      const smtp = transport(server.route(), server.certificate)
      const failed = { outcome: 'failed', everybody: true, unsure: true }
      expect(await smtp.deliver(message())).toMatchObject(failed)
      expect((await smtp.deliver(message())).outcome).toBe('sent')
      // Taken and not said: it comes twice, and its Message-ID shows that.
      const ids = server.mails.map(({ parsed }) => parsed.messageId)
      expect(ids).toEqual(Array(when === 'taken' ? 2 : 1).fill('<mail-1@meet.example.org>'))
    },
  )

  it('Q5 a server that says nothing is left after a while', async () => {
    const port = await rawServer(() => undefined)
    const server = { host: '127.0.0.1', port, security: 'none', user: '', password: '' } as const
    expect(await transport(server, null).deliver(message())).toEqual({
      outcome: 'failed',
      everybody: true,
      unsure: false,
      answer: `127.0.0.1:${port} did not answer in time.`,
    })
  })

  it('who listens nowhere, or has no name, is said to be so', async () => {
    const port = await rawServer((socket) => socket.destroy())
    await open.pop()?.close()
    const base = { port, security: 'none', user: '', password: '' } as const
    const closed = transport({ ...base, host: '127.0.0.1' }, null)
    expect((await closed.deliver(message())).answer).toBe(`127.0.0.1:${port} refuses connections.`)
    const nowhere = transport({ ...base, host: 'nowhere.invalid' }, null)
    expect((await nowhere.deliver(message())).answer).toBe(
      'The name nowhere.invalid was not found.',
    )
  })

  it('M1 what is typed into names and titles makes no header', async () => {
    const server = await mailServer()
    const smtp = transport(server.route(), server.certificate)
    await smtp.deliver(message({ kind: 'invitation', meeting, validateLink: null }))
    const [mail] = server.mails
    expect(mail?.to).toEqual(['bob@example.org'])
    expect(mail?.parsed.bcc).toBeUndefined()
    expect(mail?.raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im)
    expect(mail?.parsed.subject).toContain('Invitation: Board')
    const entry = mail?.parsed.attachments[0]?.content.toString() ?? ''
    expect(entry).not.toMatch(/^bcc:/im)
  })
})

describe('a test of the mail server', () => {
  const run = (server: SmtpServer, ca: string | null) => testSmtp(optionsFor(server, ca), message())
  const told = (steps: Awaited<ReturnType<typeof run>>) =>
    steps.map(({ step, ok }) => `${step} ${ok}`)

  it('tells each step in the server’s words, and never the password', async () => {
    const server = await mailServer({ password: PASSWORD })
    const steps = await run(server.route(), server.certificate)
    expect(told(steps)).toEqual(
      ['dns', 'connect', 'hello', 'tls', 'auth', 'sender', 'recipient', 'message'].map(
        (s) => `${s} true`,
      ),
    )
    expect(steps.at(-1)?.answer).toMatch(/^250 /)
    const text = JSON.stringify(steps)
    expect(text).not.toContain(PASSWORD)
    expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64'))
    expect(server.mails).toHaveLength(1)
  })

  it('a server that repeats what it is sent does not make the password known', async () => {
    const port = await echoServer()
    const route = { host: '127.0.0.1', port, user: 'huisclos', password: PASSWORD }
    const server = { ...route, security: 'none' } as const
    const delivery = await transport(server, null).deliver(message())
    const told = JSON.stringify([delivery, await run(server, null)])
    expect(told).toContain('AUTH PLAIN […]')
    expect(told).not.toContain(Buffer.from(`\0huisclos\0${PASSWORD}`).toString('base64'))
  })

  it('ends at the step that fails, with what was answered', async () => {
    const server = await mailServer({
      password: PASSWORD,
      onRcptTo: (_address, _session, callback) => callback(smtpAnswer(550, 'no relaying')),
    })
    const last = async (route: SmtpServer, ca: string | null) => (await run(route, ca)).at(-1)
    const { certificate } = server
    expect(await last(server.route({ password: 'x' }), certificate)).toMatchObject({
      step: 'auth',
      ok: false,
      answer: matching(/^535 /),
    })
    expect(await last(server.route(), certificate)).toMatchObject({
      step: 'recipient',
      ok: false,
      answer: '550 no relaying',
    })
    expect(await last(server.route(), null)).toMatchObject({ step: 'tls', ok: false })
    expect(await last(server.route({ security: 'tls' }), certificate)).toMatchObject({
      step: 'tls',
      ok: false,
      answer: matching(/does not speak TLS from the start/),
    })
    expect(await last(server.route({ host: 'nowhere.invalid' }), certificate)).toMatchObject({
      step: 'dns',
      ok: false,
    })
    await server.close()
    open.pop()
    expect(await last(server.route(), certificate)).toMatchObject({
      step: 'connect',
      ok: false,
      answer: matching(/refuses connections/),
    })
  })

  it('says at which step a server went away or fell silent', async () => {
    const dialogue = (answers: readonly string[], end: (socket: Socket) => void) =>
      rawServer((socket) => {
        const left = [...answers]
        socket.write(left.shift() ?? '')
        socket.on('data', () => {
          const next = left.shift()
          if (next === undefined) end(socket)
          else socket.write(next)
        })
      })
    const base = { host: '127.0.0.1', security: 'none', user: '', password: '' } as const
    const answers = ['220 hello\r\n', '250 host\r\n']
    const gone = await dialogue(answers, (socket) => socket.destroy())
    expect((await run({ ...base, port: gone }, null)).at(-1)).toEqual({
      step: 'sender',
      ok: false,
      answer: `127.0.0.1:${gone} ended the connection.`,
    })
    const silent = await dialogue(answers, () => undefined)
    expect((await run({ ...base, port: silent }, null)).at(-1)).toEqual({
      step: 'sender',
      ok: false,
      answer: `127.0.0.1:${silent} did not answer in time.`,
    })
  })
})

/** Refuses to sign anybody in, and says what it was told. */
function echoServer(): Promise<number> {
  return rawServer((socket) => {
    socket.write('220 hello\r\n')
    socket.on('data', (bytes) => {
      const line = bytes.toString().trim()
      if (line.startsWith('EHLO')) socket.write('250-host\r\n250 AUTH PLAIN\r\n')
      else socket.write(`535 ${line}\r\n`)
    })
  })
}
