/** A server that was used before, and a data folder that is no longer as it left it. */
import { generateKeyPairSync } from 'node:crypto'
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { calculateJwkThumbprint, type JWK } from 'jose'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN } from '../test/browser.ts'
import { START, openWorld, type World } from '../test/world.ts'
import { createTmms } from './app.ts'
import { publicJwk } from './domain/keys/public-jwk.ts'
import { rotateRoot } from './rotate-root.ts'

const REMEDY = /restore (?:it|both) from (?:a|the same) backup[^\n]*\.$/

let world: World
let other: World
let dataDir: string
let logLines: string[]
beforeAll(async () => {
  ;[world, other] = [await openWorld(), await openWorld()]
  await world.administrator()
  await other.administrator()
  await world.tmms.close()
  await other.tmms.close()
})
afterAll(async () => {
  await world.close()
  await other.close()
})
beforeEach(() => {
  dataDir = `${world.dataDir}-copy`
  cpSync(world.dataDir, dataDir, { recursive: true })
  logLines = []
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const key = (name: string) => join(dataDir, 'keys', name)
const database = () => join(dataDir, 'huisclos.db')

function start(jwk?: JWK) {
  const tcs = jwk === undefined ? [] : [{ origin: ORIGIN, jwk }]
  return createTmms({
    ...{ origin: ORIGIN, tcsOrigin: ORIGIN, dataDir, webDir: world.webDir, version: '1' },
    ...{ e2eeSuite: 2, vouching: true, now: () => START, tcs: () => Promise.resolve(tcs) },
    logger: pino({ level: 'warn' }, { write: (line: string) => void logLines.push(line) }),
  })
}

async function startAndStop(jwk?: JWK): Promise<string> {
  const tmms = await start(jwk)
  await tmms.close()
  return tmms.rootThumbprint
}

async function identity(
  privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
) {
  const jwk = publicJwk(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk, 'sha256') }
}

/** Refused in one sentence that names the file, and everything in `keys/` is as it was. */
async function refused(file: string): Promise<void> {
  const before = existsSync(key('')) ? readdirSync(key('')) : null
  const error = await start().then(
    () => undefined,
    (cause: unknown) => cause as Error,
  )
  expect(error?.name).toBe('TmmsError')
  expect(error?.message).toContain(file)
  expect(error?.message).toMatch(/^[^\n]*\.$/)
  expect(existsSync(key('')) ? readdirSync(key('')) : null).toEqual(before)
  expect(error?.message).toMatch(REMEDY)
}

function swap(one: string, two: string): void {
  renameSync(one, `${one}.aside`)
  renameSync(two, one)
  renameSync(`${one}.aside`, two)
}

describe('O11 a data folder whose parts do not belong together', () => {
  it('starts when nothing was touched', async () => {
    expect(await startAndStop()).toBe(world.tmms.rootThumbprint)
  })

  it('pepper and fake-salt swapped are named', async () => {
    swap(key('pepper'), key('fake-salt'))
    await refused(key('pepper'))
  })

  it.each(['pepper', 'fake-salt', 'root.pem'])('%s of another server is named', async (name) => {
    cpSync(join(other.dataDir, 'keys', name), key(name))
    await refused(key(name))
  })

  it('all keys of another server are refused', async () => {
    rmSync(key(''), { recursive: true })
    cpSync(join(other.dataDir, 'keys'), key(''), { recursive: true })
    await refused(key('pepper'))
  })

  it('the database of another server is refused', async () => {
    cpSync(join(other.dataDir, 'huisclos.db'), database())
    await refused(key('pepper'))
  })

  it('a root that the former one signed is the next one', async () => {
    const { current } = await rotateRoot(dataDir, START)
    expect(await startAndStop()).toBe(current)
    expect(await startAndStop()).toBe(current)
  })

  it.each(['issuer', 'seal'])(
    '%s, when missing or damaged, is named, and not made anew',
    async (name) => {
      rmSync(key(name))
      await expect(start()).rejects.toThrow(
        new RegExp(`${name} is missing, and there are accounts`),
      )
      await expect(start()).rejects.toThrow(REMEDY)
      expect(existsSync(key(name))).toBe(false)
      writeFileSync(key(name), 'hello')
      await expect(start()).rejects.toThrow(new RegExp(`${name} is damaged`))
      expect(readFileSync(key(name), 'utf8')).toBe('hello')
    },
  )

  it('the seal of another server is named', async () => {
    cpSync(join(other.dataDir, 'keys', 'seal'), key('seal'))
    await expect(start()).rejects.toThrow(/seal is not the file that this server used before/)
  })

  it('issuer and seal are made for accounts of a version that had none, once', async () => {
    const db = new DatabaseSync(database())
    db.exec("DELETE FROM installation WHERE name IN ('issuer', 'seal'); DELETE FROM mails")
    db.close()
    for (const name of ['issuer', 'seal']) rmSync(key(name))
    await startAndStop()
    rmSync(key('seal'))
    await expect(start()).rejects.toThrow(/seal is missing/)
  })

  it('keys from before marks were kept are taken for its own, once', async () => {
    const db = new DatabaseSync(database())
    db.exec('DELETE FROM installation')
    db.close()
    await startAndStop()
    swap(key('pepper'), key('fake-salt'))
    await refused(key('pepper'))
  })

  it('the identity of the TCS may be a new one, and the log says so', async () => {
    const [first, next] = [await identity(), await identity()]
    await startAndStop(first)
    await startAndStop(first)
    expect(logLines).toEqual([])
    await startAndStop(next)
    expect(logLines.join('')).toContain('tcs-identity.pem is another key than at the last start')
  })

  it('the identity of the TCS is no key that has another use', async () => {
    const tmms = await start()
    const [tokenKey] = tmms.tokenKeys().keys
    await tmms.close()
    await expect(start(tokenKey)).rejects.toThrow(/tcs-identity\.pem is damaged .*another use/)
  })
})

describe('O12 a database', () => {
  it.each([
    ['missing', () => rmSync(database())],
    ['empty', () => writeFileSync(database(), '')],
    [
      'without a table',
      () => {
        rmSync(database())
        const db = new DatabaseSync(database())
        db.exec('PRAGMA user_version = 1')
        db.close()
      },
    ],
  ])('that is %s beside keys is not made anew', async (_how, spoil: () => void) => {
    spoil()
    await expect(start()).rejects.toThrow(
      /huisclos\.db is (?:missing|empty), and .*keys holds the keys .*restore it .*move .*keys away\.$/,
    )
    expect(readdirSync(dataDir)).toContain('keys')
  })

  it('begins anew once the keys are moved away', async () => {
    rmSync(database())
    rmSync(key(''), { recursive: true })
    expect(await startAndStop()).not.toBe(world.tmms.rootThumbprint)
  })

  it('with accounts, beside no keys, makes none, and asks for no identity', async () => {
    rmSync(key(''), { recursive: true })
    await refused(join(dataDir, 'keys'))
  })

  it.each([
    ['garbled', () => writeFileSync(database(), 'hello, this is no database'.repeat(400))],
    ['cut', () => writeFileSync(database(), readCut())],
  ])('that is %s is named in one sentence', async (_how, spoil: () => void) => {
    spoil()
    await refused(database())
  })

  it('of a newer version is named in one sentence', async () => {
    const db = new DatabaseSync(database())
    db.exec("INSERT INTO kysely_migration VALUES ('9999-next', '2030-01-01')")
    db.close()
    await expect(start()).rejects.toThrow(
      /^The database huisclos\.db .*newer version of Huisclos .*9999-next.*restore a backup[^\n]*\.$/,
    )
  })
})

function readCut(): Buffer {
  return readFileSync(database()).subarray(0, 8192)
}
