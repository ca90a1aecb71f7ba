/**
 * The keys that sign tokens, each as `token-<from when, ms>-<thumbprint>.pem`. The first line is a mark that only this
 * installation's pepper makes, so that a key of another one is not certified by mistake.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import type { TokenKey } from '../domain/keys/key-ring.ts'
import { publicJwk } from '../domain/keys/public-jwk.ts'
import { writeWhole } from './durable.ts'
import { damaged, foreign, missing, readPrivateKey, readPrivately } from './secret-files.ts'

const TOKEN_FILE = /^token-(\d+)-([A-Za-z0-9_-]{43})\.pem$/

export class TokenFiles {
  readonly #folder: string
  readonly #pepper: Uint8Array

  constructor(folder: string, pepper: Uint8Array) {
    this.#folder = folder
    this.#pepper = pepper
  }

  /** In the order in which they sign. */
  read(): readonly TokenKey[] {
    const keys = readdirSync(this.#folder).flatMap((name): TokenKey[] => {
      const [, activeFrom, kid] = TOKEN_FILE.exec(name) ?? []
      if (activeFrom === undefined || kid === undefined) return []
      const privateKey = readPrivateKey(join(this.#folder, name))
      return [{ kid, activeFrom: Number(activeFrom), privateKey }]
    })
    return keys.sort((one, other) => one.activeFrom - other.activeFrom)
  }

  keep(key: TokenKey): void {
    const path = this.#pathOf(key)
    writeWhole(path, `${this.#lineOf(path)}\n${pemOf(key.privateKey)}`)
  }

  drop(key: TokenKey): void {
    rmSync(this.#pathOf(key), { force: true })
  }

  /**
   * Of a server with accounts.
   * @param marked false at the first start of a version that marks: what is there is taken for this installation's
   * @throws {TmmsError} `unavailable` when there is none, one bears another's name, or one is of another installation
   */
  async check(marked: boolean): Promise<void> {
    const keys = this.read()
    if (keys.length === 0) throw missing(join(this.#folder, 'token-*.pem'))
    for (const key of keys) {
      const path = this.#pathOf(key)
      if ((await calculateJwkThumbprint(publicJwk(key.privateKey), 'sha256')) !== key.kid) {
        throw damaged(path, 'its key is not the one that its name says')
      }
      if (this.#isMarked(path)) continue
      if (marked) throw foreign(path)
      this.keep(key)
    }
  }

  #isMarked(path: string): boolean {
    return readPrivately(path)
      .toString('latin1')
      .startsWith(`${this.#lineOf(path)}\n`)
  }

  #lineOf(path: string): string {
    const mac = createHmac('sha256', this.#pepper).update(`huisclos file ${basename(path)}`)
    return `Mark: ${mac.digest('base64url')}`
  }

  #pathOf({ activeFrom, kid }: TokenKey): string {
    return join(this.#folder, `token-${activeFrom}-${kid}.pem`)
  }
}

/** PKCS #8. */
export function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}
