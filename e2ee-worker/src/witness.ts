/** Worker entry: checks the audit log once, asking the page for what only the server knows, and answers. */
import { codeOf } from './errors.ts'
import type { WitnessAnswer, WitnessAsk, WitnessOrder } from './witness-protocol.ts'
import { witnessLog } from './trust/log-witness.ts'
import { openStore } from './trust/open-store.ts'

/** One question at a time. */
let answered: PromiseWithResolvers<unknown> | null = null

function ask(question: WitnessAsk): Promise<unknown> {
  answered = Promise.withResolvers()
  postMessage({ ask: question })
  return answered.promise
}

const source = {
  keySet: () => ask({ kind: 'key-set' }) as Promise<string | null>,
  checkpoint: () => ask({ kind: 'checkpoint' }) as Promise<string | null>,
  consistency: (from: number, to: number) =>
    ask({ kind: 'consistency', from, to }) as Promise<readonly unknown[] | null>,
}

onmessage = ({ data }: MessageEvent<WitnessOrder | WitnessAnswer>) => {
  if ('origin' in data) {
    openStore()
      .then((store) => witnessLog(source, store, data))
      .then(
        (verdict) => postMessage({ verdict }),
        (error: unknown) => postMessage({ code: codeOf(error) }),
      )
  } else if ('answer' in data) {
    answered?.resolve(data.answer)
  }
}
