/** Whether the server's audit log is the one that this browser saw before; what is found is told to the person alone. */
import { checkLog, type AskLog } from '@huisclos/e2ee-worker/witness-client'
import type { LogVerdict } from '@huisclos/e2ee-worker/witness-protocol'
import { api, ApiFailure } from './api.ts'
import type { FailureCode } from './failure-code.ts'

export type LogWarning = Exclude<LogVerdict, 'sound'>

export class LogWitness {
  #warning: LogWarning | null = $state.raw(null)

  get warning(): LogWarning | null {
    return this.#warning
  }

  /** Never throws: without an answer nothing is known, and nothing is said. */
  async look(): Promise<void> {
    try {
      await this.#check(false)
    } catch {
      // Asked again at the next sign-in or start.
    }
  }

  /** From now on what the server shows is what is remembered. Rejects when it did not answer. */
  async accept(): Promise<void> {
    await this.#check(true)
  }

  async #check(accept: boolean): Promise<void> {
    const verdict = await checkLog({ origin: location.origin, nowMs: Date.now(), accept }, ask)
    this.#warning = verdict === 'sound' ? null : verdict
  }
}

const REFUSALS: ReadonlySet<FailureCode> = new Set([
  'bad-request',
  'not-found',
  'not-allowed',
  'internal',
])

const ask: AskLog = async (question) => {
  try {
    if (question.kind === 'key-set') return await api('GET /api/keys')
    if (question.kind === 'checkpoint') return (await api('GET /api/audit/checkpoint')).checkpoint
    const query = { from: String(question.from), to: String(question.to) }
    return (await api('GET /api/audit/consistency', null, { query })).proof
  } catch (error) {
    // No answer, one of somebody in between, and a busy server say nothing; an answer that refuses does.
    if (error instanceof ApiFailure && REFUSALS.has(error.code)) return null
    throw error
  }
}
