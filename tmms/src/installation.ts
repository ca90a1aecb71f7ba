/**
 * Binds the database to the files in `keys/`: it keeps a mark of each, so that swapped files, or those of another
 * installation, are noticed before anything is made or signed with them (O11 of docs/abuse-cases.md).
 */
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import type { CertifiedTcs } from './domain/keys/key-ring.ts'
import { publicJwk } from './domain/keys/public-jwk.ts'
import { leads } from './domain/keys/root-change.ts'
import type { Marks } from './store/installation.ts'
import { readIssuer, type KeyFiles } from './store/key-files.ts'
import { damaged, foreign, missing } from './store/secret-files.ts'
import type { Store } from './store/store.ts'

const ROOT = 'root.pem'
const IDENTITY = 'tcs-identity.pem'
const ISSUER = 'issuer'
const SEAL = 'seal'
/** The configuration says what the file holds: that it was there is all that is kept of it. */
const THERE = 'there'

export class Installation {
  readonly #store: Store
  readonly #folder: string

  constructor(store: Store, folder: string) {
    this.#store = store
    this.#folder = folder
  }

  /** @throws {TmmsError} `unavailable` in a sentence that names the file that this database was not used with. */
  async check(files: KeyFiles): Promise<void> {
    const known = await this.#store.installation.marks()
    for (const [name, mark] of Object.entries(await marksOf(files))) {
      const before = known[name]
      if (before === undefined || before === mark) continue
      const followed = name === ROOT && (await leads(before, mark, files.rootChanges))
      if (!followed) throw foreign(join(this.#folder, name))
    }
    await files.check(known[ROOT] !== undefined)
    const lost = known[ISSUER] !== undefined && readIssuer(this.#folder) === undefined
    if (lost) throw missing(join(this.#folder, ISSUER))
  }

  /** Whether this database was used with a key that seals. A version that had none did without. */
  async hasSeal(): Promise<boolean> {
    return (await this.#store.installation.marks())[SEAL] !== undefined
  }

  /** @throws {TmmsError} `unavailable` when it is not the one that this database was used with, and `inUse` */
  async keepSeal(key: Uint8Array, inUse: boolean): Promise<void> {
    const mark = markOf(key, SEAL)
    const before = (await this.#store.installation.marks())[SEAL]
    if (inUse && before !== undefined && before !== mark) throw foreign(join(this.#folder, SEAL))
    await this.#store.installation.keepMarks({ [SEAL]: mark })
  }

  /**
   * @returns whether the TCS has another identity than at the last start
   * @throws {TmmsError} `unavailable` when it is a key that has another use
   */
  async keep(files: KeyFiles, tcs: readonly CertifiedTcs[]): Promise<boolean> {
    const known = (await this.#store.installation.marks())[IDENTITY]
    const marks = await marksOf(files)
    const others = [marks[ROOT], ...files.tokenKeys().map(({ kid }) => kid)]
    const [identity] = tcs.map(({ jwk }) => String(jwk.kid))
    if (identity !== undefined && others.includes(identity)) {
      throw damaged(
        join(this.#folder, IDENTITY),
        'its key is one that this server has for another use',
      )
    }
    await this.#store.installation.keepMarks({
      ...marks,
      [ISSUER]: THERE,
      ...(identity === undefined ? {} : { [IDENTITY]: identity }),
    })
    return known !== undefined && identity !== undefined && known !== identity
  }
}

export function changedIdentity(folder: string): string {
  return `${join(folder, IDENTITY)} is another key than at the last start: if nobody made it on purpose, restore it from a backup of the data folder.`
}

async function marksOf({ pepper, fakeSaltKey, root }: KeyFiles): Promise<Marks> {
  return {
    pepper: markOf(pepper, 'pepper'),
    'fake-salt': markOf(fakeSaltKey, 'fake-salt'),
    [ROOT]: await calculateJwkThumbprint(publicJwk(root), 'sha256'),
  }
}

/** 256 random bits as the key: the mark tells nothing of them. */
function markOf(secret: Uint8Array, name: string): string {
  return createHmac('sha256', secret).update(`huisclos mark of ${name}`).digest('base64url')
}
