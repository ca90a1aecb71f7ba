/** The page's half of the witness: one worker per check, ended as soon as it answered. */
import { E2eeError } from './errors.ts'
import type { E2eeCode } from './protocol.ts'
import type { LogVerdict, WitnessAsk, WitnessOrder } from './witness-protocol.ts'
import { startWitnessWorker } from './worker-url.ts'

/** Asks the server. Rejects when there is no answer; null when the server refuses one. */
export type AskLog = (question: WitnessAsk) => Promise<string | readonly string[] | null>

type Said =
  { readonly ask: WitnessAsk } | { readonly verdict: LogVerdict } | { readonly code: E2eeCode }

/**
 * Whether the audit log of this server is the one that this browser saw before.
 * @throws E2eeError E_INTERNAL when this browser cannot check it; and whatever `ask` rejects with.
 */
export async function checkLog(order: WitnessOrder, ask: AskLog): Promise<LogVerdict> {
  const worker = startWitnessWorker()
  try {
    return await new Promise<LogVerdict>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Said>) => {
        if ('verdict' in data) resolve(data.verdict)
        else if ('code' in data) reject(new E2eeError(data.code))
        else ask(data.ask).then((answer) => worker.postMessage({ answer }), reject)
      }
      worker.onerror = () => reject(new E2eeError('E_INTERNAL'))
      worker.onmessageerror = () => reject(new E2eeError('E_INTERNAL'))
      const { origin, nowMs, accept } = order
      worker.postMessage({ origin, nowMs, accept })
    })
  } finally {
    worker.terminate()
  }
}
