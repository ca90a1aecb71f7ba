/** Devices that join meetings. */
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { SignJWT, exportJWK, type JWK } from 'jose'
import { ORIGIN, type Answer, type Browser } from './browser.ts'

/** A device key and the proofs it signs. */
export class Device {
  readonly privateKey: KeyObject
  readonly #publicKey: KeyObject

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = pair.privateKey
    this.#publicKey = pair.publicKey
  }

  jwk(): Promise<JWK> {
    return exportJWK(this.#publicKey)
  }

  async prove(
    id: string,
    nowMs: number,
    changes: { header?: Record<string, unknown>; claims?: Record<string, unknown> } = {},
  ): Promise<string> {
    const claims = {
      htm: 'POST',
      htu: `${ORIGIN}/api/meetings/${id}/join`,
      jti: randomUUID(),
      iat: Math.floor(nowMs / 1000),
      ...changes.claims,
    }
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await this.jwk(), ...changes.header }
    return new SignJWT(claims).setProtectedHeader(header).sign(this.privateKey)
  }

  async join(browser: Browser, id: string, nowMs: number): Promise<Answer> {
    const dpop = await this.prove(id, nowMs)
    return browser.call('POST /api/meetings/:id/join', {}, { id, headers: { dpop } })
  }
}
