import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { KeyRing } from '../domain/keys/key-ring.ts'
import { publicJwk } from '../domain/keys/public-jwk.ts'
import { signRootChange } from '../domain/keys/root-change.ts'
import { openKeyFiles, readIssuer } from './key-files.ts'
import { openSealKey } from './seal-file.ts'
import { pemOf } from './token-files.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  const files = openKeyFiles(folder, false)
  await KeyRing.open(files, { issuer: 'https://meet.example.org', now: () => 0, tcs: [] })
})
afterEach(() => rmSync(folder, { recursive: true }))

const tokenFile = () => readdirSync(folder).find((name) => name.startsWith('token-'))!
const open = () => {
  const files = openKeyFiles(folder, true)
  files.tokenKeys()
  return files
}
const contents = () =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])

describe('O2 a secret of a server that has accounts', () => {
  const names = ['pepper', 'fake-salt', 'root.pem', 'audit.pem', 'token'] as const
  const spoilt: readonly (readonly [string, (text: string) => string])[] = [
    ['empty', () => ''],
    ['short', (text) => text.slice(0, text.trimEnd().length - 30)],
    ['cut in half', (text) => text.slice(0, text.length / 2)],
    ['garbled', (text) => text.replace(/[A-Za-z]/g, '!')],
    ['something else', () => 'hello\n'],
  ]
  const cases = names.flatMap((name) => spoilt.map(([how, spoil]) => ({ name, how, spoil })))

  it.each(cases)('$name, $how, is named in one sentence with what to do', ({ name, spoil }) => {
    const file = join(folder, name === 'token' ? tokenFile() : name)
    writeFileSync(file, spoil(readFileSync(file, 'utf8')))
    const before = contents()
    expect(open).toThrow(
      expect.objectContaining({
        name: 'TmmsError',
        message: expect.stringMatching(
          new RegExp(`^${file}[^\n]* is damaged [^\n]+: restore it from a backup[^\n]*\\.$`),
        ) as string,
      }),
    )
    expect(contents()).toEqual(before)
  })

  it.each(['pepper', 'fake-salt', 'root.pem'])('%s, when missing, is not made anew', (name) => {
    rmSync(join(folder, name))
    const before = contents()
    expect(open).toThrow(/is missing, and there are accounts that need it: restore it/)
    expect(contents()).toEqual(before)
  })

  it('on another curve is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    writeFileSync(join(folder, 'root.pem'), pemOf(privateKey))
    expect(open).toThrow(/root\.pem is damaged .*P-256/)
  })

  it('that others can read is taken from them', () => {
    chmodSync(folder, 0o755)
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644)
    open()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ['pepper', 'fake-salt', 'root.pem', tokenFile()]) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    }
  })

  it('may end with a line break that an editor added', () => {
    writeFileSync(join(folder, 'pepper'), `${readFileSync(join(folder, 'pepper'), 'utf8')}\n`)
    open()
  })
})

describe('O11 what the files hold fits together', () => {
  const path = (name: string) => join(folder, name)
  const check = (marked = true) => open().check(marked)

  it('in a folder that nobody touched', async () => {
    await check()
  })

  it('a token key under the name of another is named', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    writeFileSync(path(tokenFile()), pemOf(other))
    await expect(check()).rejects.toThrow(/token-.* is damaged .*name says.*: restore it/)
  })

  it('a token key of another installation is named, and not certified', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const kid = await calculateJwkThumbprint(publicJwk(other), 'sha256')
    writeFileSync(path(`token-1-${kid}.pem`), pemOf(other))
    await expect(check()).rejects.toThrow(/token-1-.* is not the file that this server used before/)
  })

  it('token keys from before they were marked are marked once', async () => {
    const file = path(tokenFile())
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^Mark: .*\n/, ''))
    await check(false)
    await check()
  })

  it('no token key at all is not made anew', async () => {
    rmSync(path(tokenFile()))
    await expect(check()).rejects.toThrow(/token-\*\.pem is missing, and there are accounts/)
  })

  it('a folder that is gone is not made anew', () => {
    rmSync(folder, { recursive: true })
    expect(open).toThrow(/ is missing, and there are accounts that need it/)
    expect(existsSync(folder)).toBe(false)
    mkdirSync(folder)
  })

  it('a change of the root that nobody signed so, or that is missing among others, is named', async () => {
    const root = open().root
    const next = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const issuer = 'https://meet.example.org'
    const change = await signRootChange(root, next, { issuer, nowMs: 0 })
    const [head, payload, signature] = change.statement.split('.')
    const file = path(`root-change-0001-${change.thumbprint}.jws`)
    for (const statement of [
      `${head}.${payload}.${signature?.replace(/^..../, 'AAAA')}`,
      'a.b.c',
    ]) {
      writeFileSync(file, statement)
      await expect(check()).rejects.toThrow(/root-change-0001-.* is damaged .*signed.*: restore it/)
    }
    writeFileSync(file, change.statement)
    await check()
    renameSync(file, path(`root-change-0002-${change.thumbprint}.jws`))
    await expect(check()).rejects.toThrow(/root-change-0001-\*\.jws is missing/)
  })

  it('an issuer that is no address is named when the root is changed', () => {
    writeFileSync(path('issuer'), 'garbled')
    expect(() => readIssuer(folder)).toThrow(/issuer is damaged .*: restore it/)
  })
})

it('before there are accounts, what is missing is made', () => {
  rmSync(join(folder, 'pepper'))
  expect(openKeyFiles(folder, false).pepper).toHaveLength(32)
})

describe('O2 the key that seals what the database holds', () => {
  const NOTHING = { sealed: false, accounts: false }

  it('is made while nothing is sealed, and is the same at the next start', () => {
    const key = openSealKey(folder, NOTHING)
    expect(key).toHaveLength(32)
    expect(openSealKey(folder, { sealed: true, accounts: true })).toEqual(key)
    expect(statSync(join(folder, 'seal')).mode & 0o777).toBe(0o600)
  })

  it('missing beside something sealed, it is named, and nothing is made anew', () => {
    expect(() => openSealKey(folder, { sealed: true, accounts: true })).toThrow(
      /seal is missing, and there are mails/,
    )
    expect(readdirSync(folder)).not.toContain('seal')
  })

  it('damaged, it is named with what to do', () => {
    writeFileSync(join(folder, 'seal'), 'hello')
    expect(() => openSealKey(folder, NOTHING)).toThrow(
      /seal is damaged .* restore it from a backup/,
    )
  })
})

test('the audit key is made once for the folder of a version that had none, and never again', () => {
  rmSync(join(folder, 'audit.pem'))
  const before = contents()
  const made = openKeyFiles(folder, true, false).audit
  expect(contents().filter(([name]) => name !== 'audit.pem')).toEqual(before)
  expect(openKeyFiles(folder, true, true).audit.equals(made)).toBe(true)
  rmSync(join(folder, 'audit.pem'))
  expect(() => openKeyFiles(folder, true, true)).toThrow(
    /audit\.pem is missing, and the audit log has checkpoints that it signed: restore it from/,
  )
})
