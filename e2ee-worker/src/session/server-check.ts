/**
 * Proves us to the TCS, and has the TCS prove that it is the one our TMMS certifies before anything is entrusted to it.
 */
import { E2eeError } from '../errors.ts'
import { signTcsChallenge } from '../trust/identity.ts'
import {
  identityMessage,
  signedByTcs,
  transportMessage,
  type TcsChallenge,
  type TcsKeys,
} from '../trust/tcs-identity.ts'
import type { Calls } from '../calls.ts'
import type { Me } from './members/me.ts'

export class ServerCheck {
  readonly #me: Me
  readonly #keys: TcsKeys
  /** Of the newest connection; its key is known once the TCS has proved it. */
  #challenge: (TcsChallenge & { provenKey: CryptoKey | null }) | null = null

  constructor(me: Me, keys: TcsKeys) {
    this.#me = me
    this.#keys = keys
  }

  /** The newest token, the parts of our member id, and what the TCS must sign in return. */
  async prove(request: Calls['prove-to-tcs']['request']): Promise<Calls['prove-to-tcs']['reply']> {
    const { challenge, tcsOrigin } = request
    const { credential, nonce, identity, memberId } = this.#me
    const { token } = credential
    const clientChallenge = crypto.getRandomValues(new Uint8Array(32))
    this.#challenge = { clientChallenge, token, memberId, tcsOrigin, provenKey: null }
    const signature = await signTcsChallenge(identity, { challenge, token, tcsOrigin })
    return {
      ...{ token, signature, nonce: nonce.slice(), ikPub: identity.ikPub.slice() },
      clientChallenge: clientChallenge.slice(),
    }
  }

  /** @throws E2eeError E_TCS unless a key certified for the origin we proved ourselves to signed our challenge. */
  async check({ tcsOrigin, kid, signature }: Calls['check-tcs']['request']): Promise<void> {
    const challenge = this.#challenge
    const certified = this.#keys.get(kid)
    if (challenge?.tcsOrigin !== tcsOrigin || certified?.origin !== tcsOrigin) {
      throw new E2eeError('E_TCS')
    }
    // A wrong answer also takes back what an earlier one proved.
    challenge.provenKey = null
    if (!(await signedByTcs(certified.key, signature, await identityMessage(challenge)))) {
      throw new E2eeError('E_TCS')
    }
    challenge.provenKey = certified.key
  }

  /** @throws E2eeError E_TCS unless the TCS that proved itself on this connection signed exactly this transport. */
  async checkTransport(request: Calls['check-transport']['request']): Promise<void> {
    const challenge = this.#challenge
    const key = challenge?.provenKey
    if (!challenge || !key) throw new E2eeError('E_TCS')
    const message = await transportMessage(challenge, request)
    if (!(await signedByTcs(key, request.signature, message))) throw new E2eeError('E_TCS')
  }
}
