import { randomBytes } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Context } from '../domain/context.ts'
import { queueMail } from '../domain/mail/queue.ts'
import { sealWith } from '../domain/seal.ts'
import type { Delivery } from '../mail/transport.ts'
import type { MailRecord } from '../store/mails.ts'
import { sqliteDialect } from '../store/sqlite.ts'
import { openStore, type Store } from '../store/store.ts'
import { MailRunner } from './mail-runner.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const LINK = 'https://meet.example.org/welcome#secret-of-the-link'
const SENT: Delivery = { outcome: 'sent', answer: '250 2.0.0 OK' }
const DOWN: Delivery = {
  outcome: 'failed',
  answer: 'connection refused',
  everybody: true,
  unsure: false,
}
const BUSY: Delivery = {
  outcome: 'failed',
  answer: '451 try later',
  everybody: false,
  unsure: false,
}
const NOBODY: Delivery = { outcome: 'refused', answer: '550 no such user' }

let store: Store
let nowMs = 0
let context: Context
let runner: MailRunner
let handed: SendMailOptions[]
let answer: (message: SendMailOptions) => Delivery | Promise<Delivery>
let atOnce = 0
let mostAtOnce = 0

beforeEach(async () => {
  store = await openStore(sqliteDialect(':memory:'))
  nowMs = 1_790_000_000_000
  handed = []
  answer = () => SENT
  atOnce = mostAtOnce = 0
  // The rules that are tried need no more than this.
  context = {
    store,
    seal: sealWith(randomBytes(32)),
    now: () => nowMs,
    origin: 'https://meet.example.org',
    smtp: null,
    onMailQueued: () => undefined,
  } as unknown as Context
  runner = makeRunner()
})
afterEach(async () => {
  await runner.close()
  await store.close()
})

function makeRunner(): MailRunner {
  const deliver = async (message: SendMailOptions): Promise<Delivery> => {
    handed.push(message)
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    try {
      return await answer(message)
    } finally {
      atOnce -= 1
    }
  }
  return new MailRunner({
    context,
    transportFor: () => ({ parallel: 3, deliver, close: () => undefined }),
    onFault: (error) => {
      throw error
    },
  })
}

async function queue(email: string, kind: 'welcome' | 'reset' = 'welcome'): Promise<void> {
  const of = { link: LINK, lifeMs: kind === 'reset' ? 30 * MINUTE : 7 * DAY }
  const mail = kind === 'reset' ? { kind, ...of } : { kind, role: 'user' as const, ...of }
  await store.atomically((rows) => queueMail(context, rows, { email, language: 'en' }, mail))
}

const all = async (): Promise<readonly MailRecord[]> =>
  (
    await Promise.all(
      (['waiting', 'sent', 'given-up', 'withdrawn'] as const).map((state) =>
        store.mails.page(state, null, 100),
      ),
    )
  ).flat()
const one = async (): Promise<MailRecord> => (await all())[0]!

describe('the queue of mails', () => {
  it('sends what is due, several at once, and forgets what it said', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    answer = async () => {
      if (handed.length === 3) release()
      await gate
      return SENT
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) await queue(`${name}@example.org`)
    expect((await one()).content).not.toContain('secret')
    await runner.idle()
    expect(mostAtOnce).toBe(3)
    expect(handed).toHaveLength(5)
    for (const mail of await all()) {
      expect(mail).toMatchObject({ state: 'sent', content: '', tries: 1, answer: '250 2.0.0 OK' })
    }
  })

  it('never has two mails to one person on their way', async () => {
    answer = () => Promise.resolve(SENT)
    const to = { email: 'a@example.org', language: 'en' as const }
    const mail = { kind: 'handed-over', former: 'Ada', meetings: [] } as const
    for (let n = 0; n < 3; n += 1) {
      await store.atomically((rows) => queueMail(context, rows, to, mail))
    }
    await runner.idle()
    expect([handed.length, mostAtOnce]).toEqual([3, 1])
  })

  it('a mail of a transaction that fails is not there', async () => {
    const work = store.atomically(async (rows) => {
      const to = { email: 'a@example.org', language: 'en' as const }
      await queueMail(context, rows, to, { kind: 'reset', link: LINK, lifeMs: 30 * 60_000 })
      throw new TypeError('the rest of it fails')
    })
    await expect(work).rejects.toThrow('the rest')
    await runner.idle()
    expect([await all(), handed]).toEqual([[], []])
  })

  it('tries again ever later with the same Message-ID and date, and notes the answer', async () => {
    answer = () => BUSY
    await queue('a@example.org')
    const pauses: number[] = []
    for (let tries = 1; tries <= 8; tries += 1) {
      await runner.idle()
      const mail = await one()
      const answer = '451 try later'
      expect(mail).toMatchObject({ state: 'waiting', tries, answer, reached: 0 })
      pauses.push(mail.nextTryAt - nowMs)
      nowMs = mail.nextTryAt
    }
    pauses.forEach((pause, n) => {
      const middle = Math.min(30_000 * 2 ** n, 30 * MINUTE)
      expect(pause).toBeGreaterThanOrEqual(middle * 0.75)
      expect(pause).toBeLessThanOrEqual(middle * 1.25)
    })
    expect(new Set(handed.map(({ messageId }) => messageId)).size).toBe(1)
    expect(new Set(handed.map(({ date }) => Number(date))).size).toBe(1)
    answer = () => SENT
    await runner.idle()
    expect((await one()).state).toBe('sent')
  })

  it('gives up after two days, and the log says so; what it said stays for a retry of a week', async () => {
    answer = () => BUSY
    await queue('a@example.org')
    await runner.idle()
    nowMs += 2 * DAY
    await runner.idle()
    expect(await one()).toMatchObject({ state: 'given-up', answer: '451 try later' })
    expect((await one()).content).not.toBe('')
    const [line = ''] = await store.audit.page({ before: null, from: 0, limit: 10 })
    expect(JSON.parse(line)).toMatchObject({
      action: 'mail-given-up',
      actor: { kind: 'server' },
      object: { kind: 'mail', name: 'a@example.org' },
      details: { kind: 'welcome', answer: '451 try later' },
    })
    nowMs += 6 * DAY
    await runner.idle()
    expect((await one()).content).toBe('')
  })

  it('a reset is given up when its link is dead, and its content goes at once', async () => {
    answer = () => BUSY
    await queue('a@example.org', 'reset')
    await runner.idle()
    nowMs += 30 * MINUTE
    await runner.idle()
    expect(await one()).toMatchObject({ state: 'given-up', content: '' })
  })

  it('what is refused for good is given up at once, and the others go on', async () => {
    answer = ({ to }) => (JSON.stringify(to).includes('nobody') ? NOBODY : SENT)
    await queue('nobody@example.org')
    await queue('b@example.org')
    await runner.idle()
    const states = new Map((await all()).map((mail) => [mail.recipient, mail]))
    expect(states.get('nobody@example.org')).toMatchObject({
      state: 'given-up',
      answer: '550 no such user',
      tries: 1,
    })
    expect(states.get('b@example.org')?.state).toBe('sent')
    expect(runner.problem).toBeNull()
  })

  it('while the server fails everybody, one mail tries it, and all go when it is back', async () => {
    answer = () => DOWN
    for (let n = 0; n < 10; n += 1) await queue(`p${n}@example.org`)
    await runner.idle()
    expect(runner.problem).toBe('connection refused')
    const first = handed.length
    expect(first).toBeLessThanOrEqual(3)
    nowMs += 40_000
    await runner.idle()
    expect(handed.length).toBe(first + 1)
    answer = () => SENT
    nowMs += 5 * MINUTE
    await runner.idle()
    expect((await all()).map(({ state }) => state)).toEqual(Array(10).fill('sent'))
    expect(runner.problem).toBeNull()
  })

  it('one whose answer never came may have arrived, whatever a later try brings', async () => {
    answer = () => ({ outcome: 'failed', answer: 'cut', everybody: true, unsure: true })
    await queue('a@example.org')
    await runner.idle()
    expect((await one()).reached).toBe(1)
    answer = () => NOBODY
    await store.mails.hurry(nowMs)
    runner.resume()
    await runner.idle()
    expect(await one()).toMatchObject({ state: 'given-up', reached: 1 })
  })

  it('one that is withdrawn when its turn comes is not sent', async () => {
    const withdrawing = async (ids: readonly string[]) => {
      await store.mails.change(ids[0] ?? '', 'waiting', { state: 'withdrawn' })
      return store.mails.take(ids)
    }
    await queue('a@example.org')
    await runner.close()
    context = { ...context, store: { ...store, mails: { ...store.mails, take: withdrawing } } }
    runner = makeRunner()
    await runner.idle()
    expect([handed, (await one()).state]).toEqual([[], 'withdrawn'])
  })

  it('an administrator need not wait for the next try', async () => {
    answer = () => DOWN
    await queue('a@example.org')
    await runner.idle()
    answer = () => SENT
    await store.mails.hurry(nowMs)
    runner.resume()
    await runner.idle()
    expect((await one()).state).toBe('sent')
  })

  it('what was under way when the process ended is sent again by the next one', async () => {
    let cut = (): void => undefined
    answer = () => new Promise((resolve) => (cut = () => resolve(DOWN)))
    await queue('a@example.org')
    const first = runner.idle()
    await expect.poll(() => handed.length).toBe(1)
    const closing = runner.close()
    cut()
    await Promise.all([first, closing])
    // It may have arrived.
    expect(await one()).toMatchObject({ state: 'waiting', tries: 0, reached: 1 })
    answer = () => SENT
    runner = makeRunner()
    await runner.idle()
    expect(handed.map(({ messageId }) => messageId)).toEqual(
      Array(2).fill(`<${(await one()).id}@meet.example.org>`),
    )
    expect((await one()).state).toBe('sent')
  })

  it('O2 what another key sealed is given up with a sentence, not sent', async () => {
    await queue('a@example.org')
    context = { ...context, seal: sealWith(randomBytes(32)) }
    await runner.close()
    runner = makeRunner()
    await runner.idle()
    expect(handed).toEqual([])
    expect(await one()).toMatchObject({
      state: 'given-up',
      answer: expect.stringContaining('sealed') as unknown,
    })
  })
})
