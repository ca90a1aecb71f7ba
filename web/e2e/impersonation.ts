/** Somebody stands in for a server: other keys, the same address, and a certificate that browsers accept. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { join, resolve } from 'node:path'
import { CuttableProxy } from './cuttable-proxy.ts'
import { HuisclosServer } from './server.ts'

const authority = resolve(import.meta.dirname, '../../.test/second-authority')

export class Impersonation {
  readonly real: HuisclosServer
  readonly #proxy: CuttableProxy
  #impostor: HuisclosServer | undefined

  /** The real server, reached through what will lead people elsewhere. */
  static async prepare(): Promise<Impersonation> {
    const proxy = await CuttableProxy.open()
    const real = await HuisclosServer.start({ origin: proxy.origin })
    proxy.target = real.port
    return new Impersonation(proxy, real)
  }

  private constructor(proxy: CuttableProxy, real: HuisclosServer) {
    this.#proxy = proxy
    this.real = real
  }

  /**
   * From now on everybody is led to the impostor, who knows `everything` (all accounts, sessions and meetings of the real
   * server, only not the keys that sign, which never leave it) or `nothing`.
   */
  async begin(knowing: 'everything' | 'nothing' = 'everything'): Promise<void> {
    const dataDir = await mkdtemp(join(tmpdir(), 'huisclos-impostor-'))
    if (knowing === 'everything') await copyWithOwnKeys(this.real.dataDir, dataDir)
    this.#impostor = await HuisclosServer.start({
      origin: this.#proxy.origin,
      dataDir,
      env: {
        HC_TLS_CERT: join(authority, 'server.pem'),
        HC_TLS_KEY: join(authority, 'server.key'),
      },
    })
    this.#proxy.target = this.#impostor.port
    this.#proxy.cut('127.0.0.1')
    this.#proxy.mend('127.0.0.1')
  }

  async end(): Promise<void> {
    await this.#impostor?.end()
    await this.real.end()
    await this.#proxy.close()
  }
}

/** The keys that sign are the impostor's own, made by a server that knows nobody: no start makes any beside accounts. */
async function copyWithOwnKeys(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  const stranger = await HuisclosServer.start()
  await stranger.stop()
  for (const name of await signingKeys(to)) await rm(join(to, 'keys', name))
  for (const name of await signingKeys(stranger.dataDir))
    await cp(join(stranger.dataDir, 'keys', name), join(to, 'keys', name))
  await stranger.end()
  // Whoever has the database can make it forget which keys it was used with.
  const database = new DatabaseSync(join(to, 'huisclos.db'))
  database.exec('DELETE FROM installation')
  database.close()
}

async function signingKeys(dataDir: string): Promise<readonly string[]> {
  return (await readdir(join(dataDir, 'keys'))).filter((name) => name.endsWith('.pem'))
}
