/** Whether two people's devices are the right ones: what they compare, and what they decide after it. */
import type { Calls } from '@huisclos/e2ee-worker/calls'
import type { Feature, FeatureContext } from './feature.ts'

export type SafetyNumber = Calls['safety-number']['reply']

export class SafetyNumbers implements Feature {
  /** Its outcome comes with `members`. */
  readonly handles = {}
  readonly #e2ee: FeatureContext['e2ee']

  constructor({ e2ee }: FeatureContext) {
    this.#e2ee = e2ee
  }

  /** @throws E2eeError E_STATE when the member is not there any longer. */
  read(memberId: string): Promise<SafetyNumber> {
    return this.#e2ee.call('safety-number', { memberId })
  }

  /** @throws E2eeError */
  async verify(memberId: string, verified: boolean): Promise<void> {
    await this.#e2ee.call('verify-member', { memberId, verified })
  }

  /** Lets in the other device of a verified person. @throws E2eeError */
  async acceptDevice(memberId: string): Promise<void> {
    await this.#e2ee.call('accept-device', { memberId })
  }
}
