/** The meeting code as the page shows it: the run going on, and what this person and the others said of it. */
import type { CodeRun } from '@huisclos/e2ee-worker/events'
import type { Feature, FeatureContext, Handles } from './feature.ts'

export class MeetingCode implements Feature {
  readonly handles = { code: ({ run }) => this.#show(run) } satisfies Handles
  readonly #e2ee: FeatureContext['e2ee']
  #run = $state.raw<CodeRun | null>(null)
  #hidden = $state(false)

  constructor({ e2ee }: FeatureContext) {
    this.#e2ee = e2ee
  }

  /** What is to be shown; null when nothing is, or when the person has put it away. */
  get shown(): CodeRun | null {
    return this.#hidden ? null : this.#run
  }

  /** Three runs differed: the worker begins no further one. */
  get blocked(): boolean {
    return this.#run?.blocked ?? false
  }

  get running(): boolean {
    return this.#run?.state === 'running'
  }

  /** @throws E2eeError E_STATE alone, in too large a meeting, during another run, or when blocked. */
  async start(): Promise<void> {
    await this.#e2ee.call('start-code', {})
  }

  /** @throws E2eeError when the run is over already. */
  async judge(equal: boolean): Promise<void> {
    await this.#e2ee.call('judge-code', { equal })
  }

  hide(): void {
    this.#hidden = true
  }

  readonly forget = (): void => {
    this.#run = null
  }

  #show(run: CodeRun): void {
    const begun = run.state === 'running' && this.#run?.state !== 'running'
    const worse = differs(run) && !(this.#run !== null && differs(this.#run))
    if (begun || worse) this.#hidden = false
    this.#run = run
  }
}

function differs({ judgements }: CodeRun): boolean {
  return judgements.some(({ equal }) => !equal)
}
