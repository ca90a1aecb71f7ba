/**
 * Runs of the meeting code: who begins, who joins in, which of two runs goes on, and what people said of the code.
 */
import { E2eeError } from '../../errors.ts'
import type { CodeCommit, CodeResult, CodeStatement } from '../../messages/code-statements.ts'
import { SID_BYTES } from '../../keys/sas.ts'
import { sameBytes, toHex, type Bytes } from '../../wire.ts'
import type { CodeRun as ShownRun } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import { CodeRun, type Participant } from './code-run.ts'
import { EarlyCommits } from './early-commits.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'

const MIN_PEOPLE = 2
const MAX_PEOPLE = 50
const ANSWER_MS = 20_000
const MAX_MISMATCHES = 3
/**
 * Runs that others begin and we join in `ANSWER_MS`: each has everybody say something, so without a limit one member
 * could make all the others say more than the TCS, and they from each other, take.
 */
const MAX_JOINED = 8
/** Runs whose late judgements still count. */
const KEPT_RUNS = 8

type Context = Pick<
  SessionContext,
  'clock' | 'me' | 'members' | 'run' | 'decide' | 'broadcast' | 'emit' | 'warn'
>

export class MeetingCode implements Feature {
  readonly handlers: Handlers = {
    'code-commit': (member, said) => this.#handle(member, said),
    'code-ack': (member, said) => this.#handle(member, said),
    'code-reveal': (member, said) => this.#handle(member, said),
    'code-result': (member, said) => this.#handle(member, said),
  }
  readonly #context: Context
  readonly #early: EarlyCommits
  /** The newest last: the current one, going on or not. */
  readonly #runs: CodeRun[] = []
  #mismatches = 0
  #joinedAt: number[] = []
  #checkedVersion = -1
  #cancelWait: Cancel = () => undefined

  constructor(context: Context) {
    this.#context = context
    this.#early = new EarlyCommits(context)
  }

  /** @throws E2eeError E_STATE alone, with more than 50 people, during another run, or after three mismatches. */
  start(): Promise<void> {
    return this.#context.decide(async () => {
      if (this.#blocked || this.#current?.state === 'running') throw new E2eeError('E_STATE')
      const sid = crypto.getRandomValues(new Uint8Array(SID_BYTES))
      await this.#begin(sid, this.#context.me.memberId)
    })
  }

  /** @throws E2eeError E_STATE when no code is shown. */
  judge(equal: boolean): Promise<void> {
    return this.#context.decide(async () => {
      const run = this.#current
      if (run?.state !== 'shown') throw new E2eeError('E_STATE')
      const result: CodeResult = { type: 'code-result', sid: run.sid, equal }
      await this.#context.broadcast(result)
      this.#judge(run, this.#context.me.memberId, equal)
    })
  }

  /** @throws E2eeError E_STATE from somebody who does not take part. */
  async #handle(member: Member, said: CodeStatement): Promise<void> {
    if (said.type === 'code-commit' && !(await this.#joins(member, said))) return
    const run = this.#runs.find(({ sid }) => sameBytes(sid, said.sid))
    // One that is over, or that we came too late for.
    if (run === undefined || (run.state !== 'running' && said.type !== 'code-result')) return
    if (!run.includes(member.memberId)) throw new E2eeError('E_STATE')
    if (said.type === 'code-result') {
      this.#judge(run, member.memberId, said.equal)
    } else {
      await run.add(member.memberId, said)
      await this.#advance(run)
    }
  }

  /** A run ends when who is present changes. */
  async settle(): Promise<void> {
    const { members } = this.#context
    if (members.version === this.#checkedVersion) return
    this.#checkedVersion = members.version
    const run = this.#current
    if (run && !sameBytes(run.rosterDigest, await members.digest())) this.#interrupt(run)
  }

  /** Our connection is gone: for the others we are. */
  connectionChanged(connected: boolean): void {
    if (!connected && this.#current) this.#interrupt(this.#current)
  }

  close(): void {
    this.#cancelWait()
  }

  get #current(): CodeRun | undefined {
    return this.#runs.at(-1)
  }

  get #blocked(): boolean {
    return this.#mismatches >= MAX_MISMATCHES
  }

  /** Whether a commit belongs to a run of ours, which it may be the first to tell of. */
  async #joins(member: Member, said: CodeCommit): Promise<boolean> {
    const current = this.#current
    if (current && sameBytes(current.sid, said.sid)) return true
    if (this.#blocked || this.#early.isOver(said.sid)) return false
    if (member.state !== 'verified' || !this.#mayJoin()) throw new E2eeError('E_STATE')
    if (current?.state === 'running') {
      // Two began at once: everybody goes on with the lower number, unless values are shown already.
      const givesWay = toHex(said.sid) < toHex(current.sid) && !current.revealing
      this.#early.close(givesWay ? current.sid : said.sid)
      if (!givesWay) return false
    }
    const commits = this.#early.add(member, said)
    if (commits === null) return false
    this.#joinedAt.push(this.#context.clock.now())
    const run = await this.#begin(said.sid, member.memberId)
    for (const [memberId, commit] of commits)
      if (run.includes(memberId)) await run.add(memberId, commit)
    return true
  }

  #mayJoin(): boolean {
    const now = this.#context.clock.now()
    this.#joinedAt = this.#joinedAt.filter((at) => now - at < ANSWER_MS)
    return this.#joinedAt.length < MAX_JOINED
  }

  async #begin(sid: Bytes, by: MemberId): Promise<CodeRun> {
    const context = this.#context
    const { clock, me, members } = context
    const participants = this.#present()
    const { length } = participants
    if (length < MIN_PEOPLE || length > MAX_PEOPLE) throw new E2eeError('E_STATE')
    const rosterDigest = await members.digest()
    // It gives way to this one; whatever is still said in it is for nobody.
    if (this.#current?.state === 'running') this.#current.state = 'aborted'
    const run = await CodeRun.begin({ sid, by, me: me.memberId, participants, rosterDigest })
    this.#runs.push(run)
    if (this.#runs.length > KEPT_RUNS) this.#runs.shift()
    this.#early.close(sid)
    this.#cancelWait()
    this.#cancelWait = clock.setTimer(ANSWER_MS, () => {
      context.run(() => (run.state === 'running' ? this.#abort(run, 'no-answer') : undefined))
    })
    this.#show(run)
    await context.broadcast(run.opening)
    return run
  }

  async #advance(run: CodeRun): Promise<void> {
    for (let next = await run.next(); next; next = await run.next())
      await this.#context.broadcast(next)
    if (run.cheater !== null) {
      this.#context.warn('E_SAS', run.cheater)
      this.#abort(run, 'cheated')
    } else if (run.code !== null) {
      this.#cancelWait()
      run.state = 'shown'
      this.#show(run)
    }
  }

  /** A code is about the people who saw it come about; once all of them have judged it, it stands. */
  #interrupt(run: CodeRun): void {
    if (run.state !== 'aborted' && !run.judged) this.#abort(run, 'people-changed')
  }

  #abort(run: CodeRun, reason: NonNullable<ShownRun['reason']>): void {
    this.#cancelWait()
    run.state = 'aborted'
    run.reason = reason
    this.#show(run)
  }

  /** A mismatch counts once for a run, whoever sees it, and cannot be taken back. */
  #judge(run: CodeRun, memberId: MemberId, equal: boolean): void {
    run.judgements.set(memberId, equal)
    if (!equal) {
      this.#context.warn('E_SAS', memberId)
      if (!run.mismatched) this.#mismatches += 1
      run.mismatched = true
    }
    this.#show(run)
  }

  #present(): readonly Participant[] {
    const { me, members } = this.#context
    const others = members.all().filter(({ state }) => state === 'verified')
    return [
      { memberId: me.memberId, ikPub: me.identity.ikPub, sub: me.credential.claims.sub },
      ...others.map(({ memberId, hello }) => ({
        ...{ memberId, ikPub: hello.ikPub, sub: hello.claims.sub },
      })),
    ]
  }

  #show(run: CodeRun): void {
    if (run !== this.#current) return
    const { state, by, members, reason } = run
    const judgements = [...run.judgements].map(([memberId, equal]) => ({ memberId, equal }))
    const code = state === 'shown' ? run.code : null
    const blocked = this.#blocked
    const shown: ShownRun = { state, by, members, code, reason, judgements, blocked }
    this.#context.emit({ type: 'code', run: shown })
  }
}
