/** The features of a session: one line opens a feature, and the session reaches all of them through `Feature`. */
import type { MemberId } from '../protocol.ts'
import { Chat } from './chat/chat.ts'
import type { SessionContext } from './context.ts'
import type { Feature, Handlers } from './feature.ts'
import { MeetingCode } from './meeting-code/meeting-code.ts'
import type { Member } from './members/member.ts'
import { Presence } from './presence/presence.ts'
import { Upkeep } from './presence/upkeep.ts'
import { openVouching } from './vouching/vouching.ts'

const openFeatures = (context: SessionContext) =>
  ({
    roster: context.roster,
    moderation: context.moderation,
    presence: new Presence(context),
    upkeep: new Upkeep(context),
    chat: new Chat(context),
    meetingCode: new MeetingCode(context),
    vouching: openVouching(context),
  }) satisfies Record<string, Feature>

export class Features {
  readonly open: ReturnType<typeof openFeatures>
  readonly #all: readonly Feature[]

  constructor(context: SessionContext) {
    this.open = openFeatures(context)
    this.#all = Object.values(this.open)
  }

  handlers(): Handlers {
    return Object.assign({}, ...this.#all.map(({ handlers }) => handlers)) as Handlers
  }

  connectionChanged(connected: boolean): void {
    for (const feature of this.#all) feature.connectionChanged?.(connected)
  }

  memberAdmitted(member: Member): void {
    for (const feature of this.#all) feature.memberAdmitted?.(member)
  }

  statementsMissed(member: Member): void {
    for (const feature of this.#all) feature.statementsMissed?.(member)
  }

  keysArrived(memberId: MemberId): void {
    for (const feature of this.#all) feature.keysArrived?.(memberId)
  }

  async settle(): Promise<void> {
    for (const feature of this.#all) await feature.settle?.()
  }

  close(): void {
    for (const feature of this.#all) feature.close?.()
  }
}
