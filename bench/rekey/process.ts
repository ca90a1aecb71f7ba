/** Commands for another process, and their answers, one call each. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

interface Question {
  readonly id: number
  readonly command: string
  readonly request: unknown
}

interface Reply {
  readonly id: number
  readonly reply?: unknown
  readonly failed?: string
}

type Shape = Record<string, { request: unknown; reply: unknown }>

export type Answers<C extends object> = {
  readonly [K in keyof C]: C[K] extends { request: infer Q; reply: infer R }
    ? (request: Q) => R | Promise<R>
    : never
}

/** The other process, as seen from the one that started it. */
export class Remote<C extends object = Shape> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  #questions = 0

  constructor(file: string) {
    this.#child = fork(file, {
      serialization: 'advanced',
      // ML-KEM in WebCrypto is new in Node.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Four threads of each process, by default, would only get into each other's way on this machine's cores.
      env: { ...process.env, UV_THREADPOOL_SIZE: String(availableParallelism()) },
    })
    this.#child.on('message', (reply) => this.#waiting.get((reply as Reply).id)?.(reply as Reply))
    this.#child.on('exit', (code) => {
      for (const [id, answer] of this.#waiting) answer({ id, failed: `ended with code ${code}` })
    })
  }

  ask<K extends keyof C & string>(
    command: K,
    request: C[K] extends { request: infer Q } ? Q : never,
  ): Promise<C[K] extends { reply: infer R } ? R : never> {
    const id = this.#questions++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ reply, failed }) => {
        this.#waiting.delete(id)
        if (failed === undefined) resolve(reply as never)
        else reject(new Error(`${command}: ${failed}`))
      })
      this.#child.send({ id, command, request } satisfies Question)
    })
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}

/** Answers whoever started this process. */
export function answerParent<C extends object>(answers: Answers<C>): void {
  // Whoever asks is gone, perhaps killed: nobody would ever end this process.
  process.on('disconnect', () => process.exit())
  const table = answers as unknown as Record<string, (request: unknown) => unknown>
  process.on('message', (message) => {
    const { id, command, request } = message as Question
    Promise.resolve()
      .then(() => table[command]?.(request))
      .then(
        (reply) => process.send?.({ id, reply }),
        (error: unknown) => process.send?.({ id, failed: String(error) }),
      )
  })
}
