/** The root key changes: what clients are given to follow it, and what an interrupted change leaves behind. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyRing } from './domain/keys/key-ring.ts'
import { signRootChange } from './domain/keys/root-change.ts'
import { createTmms } from './app.ts'
import type { KeySet } from './contract/tokens.ts'
import { rotateRoot } from './rotate-root.ts'
import { holdDataFolder } from './store/data-folder.ts'
import { openKeyFiles } from './store/key-files.ts'
import { changeRoot } from './store/root-files.ts'
import { pemOf } from './store/token-files.ts'

const ORIGIN = 'https://meet.example.org'
const NOW = Date.parse('2026-03-03T10:00:00Z')

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tmms-root-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const keys = (name = ''): string => join(dataDir, 'keys', name)
const start = (origin = ORIGIN) =>
  createTmms({
    ...{
      origin,
      tcsOrigin: origin,
      tcs: () => Promise.resolve([]),
      dataDir,
      webDir: dataDir,
      version: '1',
    },
    ...{ e2eeSuite: 2, vouching: true, logger: pino({ level: 'silent' }), now: () => NOW },
  })
const startAndStop = async (origin = ORIGIN): Promise<string> => {
  const tmms = await start(origin)
  await tmms.close()
  return tmms.rootThumbprint
}

/** The set as a client would fetch it, opened with the root in its header. */
async function keySet(issuer = ORIGIN): Promise<{ set: KeySet; root: string }> {
  const ring = await KeyRing.open(openKeyFiles(keys(), false), { issuer, now: () => NOW, tcs: [] })
  const opened = await open(await ring.signedKeySet())
  return { set: opened.payload as unknown as KeySet, root: opened.signer }
}

async function open(jws: string): Promise<{ payload: Record<string, unknown>; signer: string }> {
  const { jwk } = decodeProtectedHeader(jws) as { jwk: JWK }
  const { payload } = await compactVerify(jws, await importJWK(jwk, 'ES256'))
  return {
    payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>,
    signer: await calculateJwkThumbprint(jwk),
  }
}

/** Follows the chain as a client does; the thumbprints it passes. */
async function follow(chain: readonly string[]): Promise<string[]> {
  const passed: string[] = []
  for (const link of chain) {
    const header = decodeProtectedHeader(link)
    expect(Object.keys(header).sort()).toEqual(['alg', 'jwk', 'typ'])
    expect([header.alg, header.typ]).toEqual(['ES256', 'root-change+jwt'])
    expect(Object.keys(header.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    const { payload, signer } = await open(link)
    if (passed.length > 0) expect(signer).toBe(passed.at(-1))
    else passed.push(signer)
    expect(payload).toMatchObject({ iss: ORIGIN, iat: NOW / 1000 })
    expect(Object.keys(payload)).toEqual(['iss', 'iat', 'root'])
    expect(Object.keys(payload['root'] as object).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    passed.push(await calculateJwkThumbprint(payload['root'] as JWK))
  }
  return passed
}

describe('H15 a change of the root key', () => {
  it('can be followed link by link from the first root to the one that signs the key set', async () => {
    const first = await startAndStop()
    expect((await keySet()).set.chain).toEqual([])
    const one = await rotateRoot(dataDir, NOW)
    const two = await rotateRoot(dataDir, NOW)
    expect([one.former, one.issuer]).toEqual([first, ORIGIN])
    expect(two.former).toBe(one.current)
    const { set, root } = await keySet()
    expect(root).toBe(two.current)
    expect(await follow(set.chain)).toEqual([first, one.current, two.current])
    expect(await startAndStop()).toBe(two.current)
  })

  it('keeps the keys that sign tokens, so that nobody in a meeting notices', async () => {
    const before = await start()
    const tokenKeys = before.tokenKeys()
    await before.close()
    await rotateRoot(dataDir, NOW)
    const after = await start()
    expect(after.tokenKeys()).toEqual(tokenKeys)
    await after.close()
  })

  it('leaves one root key and one file for each change, for their owner to read alone', async () => {
    const first = await startAndStop()
    const old = readFileSync(keys('root.pem'), 'utf8')
    const { current } = await rotateRoot(dataDir, NOW)
    const files = readdirSync(keys()).filter((name) => name.startsWith('root'))
    expect(files.toSorted()).toEqual([`root-change-0001-${current}.jws`, 'root.pem'])
    for (const name of files) {
      expect(statSync(keys(name)).mode & 0o777).toBe(0o600)
      expect(readFileSync(keys(name), 'utf8')).not.toBe(old)
    }
    expect(readFileSync(keys(`root-change-0001-${current}.jws`), 'utf8')).not.toContain('"d"')
    expect(current).not.toBe(first)
  })

  it('serves the latest 16 changes', async () => {
    await startAndStop()
    const passed: string[] = []
    for (let count = 0; count < 18; count += 1)
      passed.push((await rotateRoot(dataDir, NOW)).current)
    const { set } = await keySet()
    expect(set.chain).toHaveLength(16)
    expect(await follow(set.chain)).toEqual(passed.slice(1))
  })

  it('is signed for the origin that the server last had; changes for another are not served', async () => {
    await startAndStop('https://old.example.org')
    await rotateRoot(dataDir, NOW)
    await startAndStop()
    expect((await keySet()).set.chain).toEqual([])
    const { former, current } = await rotateRoot(dataDir, NOW)
    expect(await follow((await keySet()).set.chain)).toEqual([former, current])
  })

  it('that a restored backup does not know is not served', async () => {
    const first = await startAndStop()
    const backup = readFileSync(keys('root.pem'))
    await rotateRoot(dataDir, NOW)
    writeFileSync(keys('root.pem'), backup)
    const { set, root } = await keySet()
    expect([root, set.chain]).toEqual([first, []])
    const again = await rotateRoot(dataDir, NOW)
    expect(await follow((await keySet()).set.chain)).toEqual([first, again.current])
  })
})

describe('rotating', () => {
  it('is refused while the server runs, and changes nothing', async () => {
    const release = holdDataFolder(dataDir)
    const tmms = await start()
    const before = readdirSync(keys())
    await expect(rotateRoot(dataDir, NOW)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is running') as string,
    })
    expect(readdirSync(keys())).toEqual(before)
    await tmms.close()
    release()
    await expect(rotateRoot(dataDir, NOW)).resolves.toMatchObject({ former: tmms.rootThumbprint })
  })

  it('is refused where no server was ever started', async () => {
    await expect(rotateRoot(dataDir, NOW)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(rotateRoot(join(dataDir, 'nowhere'), NOW)).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(existsSync(keys())).toBe(false)
  })

  it('lets the server start when it is done', async () => {
    await startAndStop()
    const { current } = await rotateRoot(dataDir, NOW)
    expect(await startAndStop()).toBe(current)
  })
})

describe('a change that was interrupted', () => {
  /** What lies in `keys/` after each step, the last one excepted. */
  async function steps(): Promise<{ first: string; next: string; at: (files: string[]) => void }> {
    const first = await startAndStop()
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const former = createPrivateKey(readFileSync(keys('root.pem')))
    const change = await signRootChange(former, privateKey, { issuer: ORIGIN, nowMs: NOW })
    const whole = mkdtempSync(join(tmpdir(), 'tmms-change-'))
    cpSync(keys(), whole, { recursive: true })
    changeRoot(whole, change, pemOf(privateKey))
    const contents: Readonly<Record<string, string>> = {
      [`root-${change.thumbprint}.pem`]: pemOf(privateKey),
      [`root-${change.thumbprint}.pem.new`]: pemOf(privateKey).slice(0, 40),
      [`root-change-0001-${change.thumbprint}.jws`]: readFileSync(
        join(whole, `root-change-0001-${change.thumbprint}.jws`),
        'utf8',
      ),
    }
    rmSync(whole, { recursive: true })
    const named = (kind: string) =>
      Object.keys(contents).find((name) => kind === name.replace(change.thumbprint, 'T'))
    return {
      first,
      next: change.thumbprint,
      at: (kinds) => {
        for (const kind of kinds) writeFileSync(keys(named(kind)), contents[named(kind)!]!)
      },
    }
  }

  it('while the next key was written leaves the former root', async () => {
    const { first, at } = await steps()
    at(['root-T.pem.new'])
    expect(await startAndStop()).toBe(first)
    expect((await keySet()).set.chain).toEqual([])
  })

  it('before it was signed leaves the former root, and the next key is forgotten', async () => {
    const { first, at } = await steps()
    at(['root-T.pem'])
    expect(await startAndStop()).toBe(first)
    expect((await keySet()).set.chain).toEqual([])
    expect(readdirSync(keys()).filter((name) => name.startsWith('root'))).toEqual(['root.pem'])
  })

  it('after it was signed is finished by the next start', async () => {
    const { first, next, at } = await steps()
    at(['root-T.pem', 'root-change-0001-T.jws'])
    expect(await startAndStop()).toBe(next)
    expect(await follow((await keySet()).set.chain)).toEqual([first, next])
  })

  it('after it was signed is finished by the next change, too', async () => {
    const { first, next, at } = await steps()
    at(['root-T.pem', 'root-change-0001-T.jws'])
    const { former, current } = await rotateRoot(dataDir, NOW)
    expect(former).toBe(next)
    expect(await follow((await keySet()).set.chain)).toEqual([first, next, current])
  })
})
