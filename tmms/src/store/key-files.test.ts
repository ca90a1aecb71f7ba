import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyRing } from '../domain/keys/key-ring.ts'
import { openKeyFiles, pemOf } from './key-files.ts'

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
}
const contents = () =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])

describe('O2 a secret of a server that has accounts', () => {
  const names = ['pepper', 'fake-salt', 'root.pem', 'token'] as const
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

it('before there are accounts, what is missing is made', () => {
  rmSync(join(folder, 'pepper'))
  expect(openKeyFiles(folder, false).pepper).toHaveLength(32)
})
