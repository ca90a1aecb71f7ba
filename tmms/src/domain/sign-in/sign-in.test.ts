import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../../contract/ids.ts'
import type { NewCredential } from '../../contract/sign-in.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountState } from '../../store/account-tables.ts'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { sealWith } from '../seal.ts'
import { Passwords } from '../accounts/password.ts'
import { openSession, type Verified } from './session.ts'
import { SignIn, type Caller } from './sign-in.ts'

const RIGHT = randomBytes(32).toString('base64url')
const WRONG = randomBytes(32).toString('base64url')
const DAY = 24 * 3_600_000

let store: Store
let context: Context
let signIn: SignIn
let nowMs = 0
let hashed = 0

beforeEach(async () => {
  nowMs = 1_790_000_000_000
  hashed = 0
  store = await openStore(sqliteDialect(':memory:'))
  const secrets = { pepper: randomBytes(32), fakeSaltKey: randomBytes(32) }
  const passwords = new Passwords(secrets, (x, salt) => {
    hashed += 1
    return Promise.resolve(Buffer.concat([x.subarray(0, 16), salt]))
  })
  context = {
    store,
    passwords,
    seal: sealWith(randomBytes(32)),
    now: () => nowMs,
    origin: 'https://meet.example.org',
    rootThumbprint: '',
    timeZone: 'UTC',
    later: () => undefined,
    onAccessEnded: () => undefined,
    presence: { count: () => 0, peersIn: () => Promise.resolve([]) },
    maxOverrunHours: 12,
    smtp: null,
    onMailQueued: () => undefined,
    refusals: { note: () => undefined },
  }
  signIn = new SignIn(context)
  await add('ada@example.org')
  hashed = 0
})
afterEach(() => store.close())

async function add(email: string, state: AccountState = 'active'): Promise<void> {
  const id = email as AccountId
  const names = { firstName: 'A', lastName: 'B', language: 'en' as const, role: 'user' as const }
  await store.accounts.add({ id, email, ...names, state, createdAt: nowMs })
  const params = context.passwords.freshParams()
  const credential: NewCredential = { ...params, auth: RIGHT }
  await store.accounts.keepCredential(await context.passwords.seal(id, credential, params))
}

async function verified(): Promise<Verified> {
  return new SignIn(context).signIn('ada@example.org', RIGHT, from('192.0.2.99'))
}

const actor = { account: null, from: '192.0.2.1' }
const from = (network: string, deviceToken?: string): Caller => ({ actor, network, deviceToken })
const how = { remember: true, from: '192.0.2.1', by: 'password' } as const
const full = () => new TmmsError('unavailable', 'The disk is full.')
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  )
const attempt = (email: string, auth: string, caller = from('192.0.2.1')) =>
  codeOf(signIn.signIn(email, auth, caller))

describe('signing in', () => {
  it('A2 does the slow hash once for right, wrong, unknown and disabled alike', async () => {
    await add('off@example.org', 'disabled')
    for (const [email, auth, code] of [
      ['ada@example.org', RIGHT, 'ok'],
      ['ada@example.org', WRONG, 'wrong-credentials'],
      ['eve@example.org', RIGHT, 'wrong-credentials'],
      ['off@example.org', RIGHT, 'wrong-credentials'],
      ['ada@example.org', 'short', 'wrong-credentials'],
    ] as const) {
      hashed = 0
      expect(await attempt(email, auth)).toBe(code)
      expect(hashed).toBe(1)
    }
  })

  it('A4 five failures cost a minute and no slow hash, for unknown accounts as well', async () => {
    for (const email of ['ada@example.org', 'eve@example.org']) {
      for (let n = 0; n < 5; n += 1) expect(await attempt(email, WRONG)).toBe('wrong-credentials')
      hashed = 0
      expect(await attempt(email, RIGHT)).toBe('too-many-tries')
      expect(hashed).toBe(0)
    }
    nowMs += 60_000
    expect(await attempt('ada@example.org', RIGHT)).toBe('ok')
  })

  it('A4 guesses from many networks count together, and cannot lock the owner’s browser out', async () => {
    await openSession(context, await verified(), { ...how, deviceToken: 'known' })
    for (let n = 0; n < 5; n += 1) await attempt('ada@example.org', WRONG, from(`192.0.2.${n}`))
    expect(await attempt('ada@example.org', RIGHT, from('203.0.113.9'))).toBe('too-many-tries')
    expect(await attempt('ada@example.org', RIGHT, from('192.0.2.1', 'known'))).toBe('ok')
    expect(await attempt('ada@example.org', RIGHT, from('192.0.2.1', 'other'))).toBe(
      'too-many-tries',
    )
  })

  it('A4 the owner’s browser has a count of its own', async () => {
    await openSession(context, await verified(), { ...how, deviceToken: 'stolen' })
    const thief = from('192.0.2.1', 'stolen')
    for (let n = 0; n < 5; n += 1) await attempt('ada@example.org', WRONG, thief)
    expect(await attempt('ada@example.org', RIGHT, thief)).toBe('too-many-tries')
    expect(await attempt('ada@example.org', RIGHT, from('203.0.113.9'))).toBe('ok')
  })

  it('A4 parallel guesses are counted as well', async () => {
    const codes = await Promise.all(
      Array.from({ length: 12 }, () => attempt('ada@example.org', WRONG)),
    )
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(7)
  })

  it('A4 one network that guesses at many accounts is slowed down, others are not', async () => {
    const codes: string[] = []
    for (let n = 0; n < 105; n += 1) codes.push(await attempt(`guess${n}@example.org`, WRONG))
    expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(5)
    expect(await attempt('ada@example.org', RIGHT, from('203.0.113.9'))).toBe('ok')
  })

  it('A4 guesses from everywhere trip the breaker; browsers that are known still get through', async () => {
    await openSession(context, await verified(), { ...how, deviceToken: 'known' })
    for (let n = 0; n < 2_000; n += 1) {
      await attempt(`guess${n}@example.org`, WRONG, from(`network ${n}`))
    }
    expect(await attempt('ada@example.org', RIGHT, from('new'))).toBe('too-many-tries')
    expect(await attempt('ada@example.org', RIGHT, from('new', 'known'))).toBe('ok')
    nowMs += 10_000
    expect(await attempt('ada@example.org', RIGHT, from('new'))).toBe('ok')
  })

  it('Q8 guesses at many accounts at once take from the budget of their network first', async () => {
    const codes = await Promise.all(
      Array.from({ length: 150 }, (_, n) => attempt(`guess${n}@example.org`, WRONG)),
    )
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(100)
    expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(50)
  })

  it('Q8 guesses from everywhere at once take from the budget of all first', async () => {
    const codes = await Promise.all(
      Array.from({ length: 2_010 }, (_, n) =>
        attempt(`g${n}@example.org`, WRONG, from(`net ${n}`)),
      ),
    )
    expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(10)
  })

  it('Q8 colleagues who sign in at once leave the budget as it was', async () => {
    const many = async () =>
      Promise.all(Array.from({ length: 90 }, async (_, n) => attempt(`ada${n}@example.org`, RIGHT)))
    await Promise.all(Array.from({ length: 90 }, (_, n) => add(`ada${n}@example.org`)))
    for (let round = 0; round < 3; round += 1)
      expect(new Set(await many())).toEqual(new Set(['ok']))
  })

  it('successes are not counted: a thousand colleagues may sign in at nine', async () => {
    for (let n = 0; n < 1_000; n += 1) {
      expect(await attempt('ada@example.org', RIGHT)).toBe('ok')
    }
  })
})

describe('Q10 the count of failures', () => {
  it('survives a restart, and holds across processes', async () => {
    for (let n = 0; n < 5; n += 1) await attempt('ada@example.org', WRONG)
    signIn = new SignIn(context)
    expect(await attempt('ada@example.org', RIGHT)).toBe('too-many-tries')
    nowMs += 60_000
    expect(await attempt('ada@example.org', WRONG)).toBe('wrong-credentials')
    signIn = new SignIn(context)
    nowMs += 60_000
    expect(await attempt('ada@example.org', RIGHT)).toBe('too-many-tries')
  })

  it('is given back to both of two processes', async () => {
    const other = new SignIn(context)
    for (let n = 0; n < 4; n += 1) await attempt('ada@example.org', WRONG)
    expect(await codeOf(other.signIn('ada@example.org', RIGHT, from('192.0.2.1')))).toBe('ok')
    for (let n = 0; n < 4; n += 1) await attempt('ada@example.org', WRONG)
    expect(await attempt('ada@example.org', RIGHT)).toBe('ok')
  })

  it('O5 that cannot be kept lets nobody guess, right or wrong', async () => {
    hashed = 0
    context = { ...context, store: { ...store, hastily: () => Promise.reject(full()) } }
    signIn = new SignIn(context)
    expect(await attempt('ada@example.org', WRONG)).toBe('unavailable')
    expect(await attempt('ada@example.org', RIGHT)).toBe('unavailable')
    expect(hashed).toBe(0)
  })
})

describe('E1 a password that is changed while it is checked', () => {
  it('opens no session: the reset has ended what it opens', async () => {
    const old = await verified()
    const params = context.passwords.freshParams()
    const fresh = { ...params, auth: WRONG }
    const id = 'ada@example.org' as AccountId
    await store.accounts.keepCredential(await context.passwords.seal(id, fresh, params))
    const opening = openSession(context, old, { ...how, deviceToken: 'd' })
    expect(await codeOf(opening)).toBe('wrong-credentials')
  })

  it('E3 opens none for an account that was suspended meanwhile', async () => {
    const old = await verified()
    await store.accounts.change(old.account.id, { state: 'disabled' })
    const opening = openSession(context, old, { ...how, deviceToken: 'd' })
    expect(await codeOf(opening)).toBe('wrong-credentials')
  })
})

describe('A1 the parameters of an address', () => {
  it('are made up but constant for unknown ones, and depend on the server’s secret', async () => {
    const one = await signIn.params('eve@example.org', from('a'))
    nowMs += DAY
    expect(await signIn.params(' EVE@example.org ', from('b'))).toEqual(one)
    const elsewhere = new Passwords({ pepper: randomBytes(32), fakeSaltKey: randomBytes(32) })
    expect(elsewhere.paramsOf('eve@example.org', undefined).salt).not.toBe(one.salt)
  })

  it('are asked for in numbers by nobody but an attacker', async () => {
    const codes: string[] = []
    for (let n = 0; n < 301; n += 1) {
      codes.push(await codeOf(signIn.params(`guess${n}@example.org`, from('a'))))
    }
    expect(codes.lastIndexOf('ok')).toBe(299)
    expect(codes[300]).toBe('too-many-tries')
    await openSession(context, await verified(), { ...how, deviceToken: 'known' })
    expect(await codeOf(signIn.params('ada@example.org', from('a', 'known')))).toBe('ok')
    expect(await codeOf(signIn.params('bob@example.org', from('a', 'known')))).toBe(
      'too-many-tries',
    )
  })
})
