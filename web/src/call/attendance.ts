/** Being in the room: a connection is prepared, entered, and made anew whenever it is lost. */
import type { TcsCode } from '@huisclos/sfu/protocol'
import type { Connection } from './connection.ts'
import { isOtherSession, type Membership } from './membership.ts'
import { CallError, codeOf } from './outcome/errors.ts'
import { endsReconnecting, isFinal } from './outcome/table.ts'
import { backoffMs, pause } from './signalling/backoff.ts'

/** What joining is busy with, shown step by step. */
export type Step = 'invitation' | 'keys' | 'server' | 'media'
export type CutCode = TcsCode | 'disconnected' | 'E_TCS'
/** What attendance needs of a connection. */
export type Line = Pick<Connection, 'media' | 'enter' | 'renewToken' | 'leave' | 'close'>

export interface AttendanceOptions {
  readonly membership: Pick<Membership, 'ask' | 'start' | 'refresh' | 'comeBack'>
  /** Connects to the TCS, and is told when that connection ends. */
  readonly open: (onCut: (code: CutCode) => void) => Promise<Line>
  readonly onStep: (step: Step) => void
  readonly onJoined: () => void
  readonly onLost: () => void
  /** No further attempt can help. */
  readonly onFailed: (code: string) => void
}

export class Attendance {
  readonly #options: AttendanceOptions
  readonly #end = new AbortController()
  #state: 'preparing' | 'joined' | 'returning' = 'preparing'
  #line: Line | null = null
  #preparing: Promise<void> | null = null

  constructor(options: AttendanceOptions) {
    this.#options = options
  }

  get line(): Line | null {
    return this.#line
  }

  /**
   * Gets ready while the person checks the devices: keys, and a connection that nobody hears of yet.
   * @throws whatever keeps this person out; what may pass is tried again with `enter`
   */
  async prepare(): Promise<void> {
    this.#preparing = this.#prepare()
    await this.#preparing
  }

  /** @throws whatever keeps this person out */
  async enter(): Promise<void> {
    await this.#preparing?.catch(() => undefined)
    if (this.#line !== null && (await this.#enterPrepared(this.#line))) return
    await this.#options.membership.comeBack()
    await this.#enterRoom(await this.#connect())
  }

  /** Ends for good. Idempotent. */
  close(): void {
    this.#end.abort()
    this.#cut()
  }

  async #prepare(): Promise<void> {
    const { membership, onStep } = this.#options
    await membership.ask()
    onStep('keys')
    await membership.start()
    await this.#connect()
  }

  /** @returns false when what was prepared had died unnoticed while the devices were checked. */
  async #enterPrepared(line: Line): Promise<boolean> {
    try {
      await this.#enterRoom(line)
      return true
    } catch (error) {
      if (isFinal(codeOf(error)) && !isOtherSession(error)) throw error
      this.#cut()
      return false
    }
  }

  async #connect(): Promise<Line> {
    this.#options.onStep('server')
    const line = await this.#options.open((code) => this.#onCut(code))
    if (this.#end.signal.aborted) {
      line.close()
      throw new CallError('disconnected')
    }
    this.#line = line
    return line
  }

  async #enterRoom(line: Line): Promise<void> {
    const { membership, onStep, onJoined } = this.#options
    onStep('media')
    await line.enter(membership.refresh())
    if (this.#line !== line) throw new CallError('disconnected')
    this.#state = 'joined'
    onJoined()
  }

  #onCut(code: CutCode): void {
    this.#cut()
    if (isFinal(code)) this.#options.onFailed(code)
    else if (this.#state === 'joined') {
      this.#state = 'returning'
      this.#options.onLost()
      void this.#comeBack()
    }
  }

  /** Waits for the server as long as the person does: the worker and its keys stay alive. */
  async #comeBack(): Promise<void> {
    for (let attempt = 0; this.#state === 'returning'; attempt++) {
      await pause(backoffMs(attempt, Math.random()), this.#end.signal)
      if (this.#end.signal.aborted) return
      try {
        await this.#options.membership.comeBack()
        await this.#enterRoom(await this.#connect())
      } catch (error) {
        this.#cut()
        if (!endsReconnecting(codeOf(error))) continue
        this.#options.onFailed(codeOf(error))
        return
      }
    }
  }

  /** Everything that belongs to one connection ends; worker, keys and devices stay. */
  #cut(): void {
    this.#line?.close()
    this.#line = null
  }
}
