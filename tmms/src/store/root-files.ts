/**
 * The root key and its changes as files of `keys/`: `root.pem`, and for each change what the former root signed, in
 * `root-change-<number>-<thumbprint of the next root>.jws`.
 *
 * A change goes through three states, and whatever interrupts it, the next start goes on where it ended:
 * the next key as `root-<thumbprint>.pem`; then the signed change; then the next key renamed to `root.pem`, which
 * deletes the former one.
 */
import type { KeyObject } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isSound, type RootChange } from '../domain/keys/root-change.ts'
import { moveWhole, writeWhole } from './durable.ts'
import { damaged, missing, readPrivateKey, readPrivately } from './secret-files.ts'

const CHANGE_FILE = /^root-change-(\d{4,})-([A-Za-z0-9_-]{43})\.jws$/
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/
const NEXT_FILE = /^root-([A-Za-z0-9_-]{43})\.pem$/

export function rootFile(folder: string): string {
  return join(folder, 'root.pem')
}

/** Undefined when there is none yet. */
export function readRoot(folder: string): KeyObject | undefined {
  finishChange(folder)
  const path = rootFile(folder)
  return existsSync(path) ? readPrivateKey(path) : undefined
}

/** Oldest first. */
export function readChanges(folder: string): readonly RootChange[] {
  return changeFiles(folder).map(({ name, thumbprint }) => ({
    thumbprint,
    statement: readStatement(join(folder, name)),
  }))
}

function readStatement(path: string): string {
  const text = readPrivately(path).toString('latin1').trim()
  if (COMPACT_JWS.test(text)) return text
  throw damaged(path, 'it should hold one signed change of the root key')
}

/** @throws {TmmsError} `unavailable` when one is missing among them, or is not what the former root signed. */
export async function checkChanges(folder: string): Promise<void> {
  for (const [index, { name, number, thumbprint }] of changeFiles(folder).entries()) {
    const path = join(folder, name)
    if (number !== index + 1) throw missing(join(folder, `${prefixOf(index + 1)}*.jws`))
    if (await isSound({ thumbprint, statement: readStatement(path) })) continue
    throw damaged(path, 'it should be signed, and lead to the key that its name says')
  }
}

/** @param pem the next root's private key. The former one is deleted last. */
export function changeRoot(folder: string, change: RootChange, pem: string): void {
  const { thumbprint, statement } = change
  const number = (changeFiles(folder).at(-1)?.number ?? 0) + 1
  writeWhole(nextFile(folder, thumbprint), pem)
  const name = `${prefixOf(number)}${thumbprint}.jws`
  writeWhole(join(folder, name), `${statement}\n`)
  finishChange(folder)
}

function finishChange(folder: string): void {
  const latest = changeFiles(folder).at(-1)?.thumbprint
  if (latest !== undefined && existsSync(nextFile(folder, latest))) {
    moveWhole(nextFile(folder, latest), rootFile(folder))
  }
  // A next key without a signed change was never told to anybody.
  for (const name of readdirSync(folder)) if (NEXT_FILE.test(name)) rmSync(join(folder, name))
}

interface ChangeFile {
  readonly name: string
  readonly number: number
  readonly thumbprint: string
}

function changeFiles(folder: string): readonly ChangeFile[] {
  const files = readdirSync(folder).flatMap((name): ChangeFile[] => {
    const [, number, thumbprint] = CHANGE_FILE.exec(name) ?? []
    if (number === undefined || thumbprint === undefined) return []
    return [{ name, number: Number(number), thumbprint }]
  })
  return files.sort((one, other) => one.number - other.number)
}

function prefixOf(number: number): string {
  return `root-change-${String(number).padStart(4, '0')}-`
}

function nextFile(folder: string, thumbprint: string): string {
  return join(folder, `root-${thumbprint}.pem`)
}
