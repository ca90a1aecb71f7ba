/** Who was in a meeting from when to when: kept where its policy says so, and handed out as a table. */
import type { Language } from '../../contract/accounts.ts'
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import type { PresenceChange } from '../../contract/presence.ts'
import type { NamedStay } from '../../store/stays.ts'
import { showEmail } from '../accounts/email.ts'
import { displayName } from '../accounts/names.ts'
import type { Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { wallClock, writeCsv } from '../csv.ts'
import { keepsAttendance } from '../policy/meetings.ts'
import { makeId } from '../secret.ts'
import { notFound } from './meeting.ts'

/** Writes down what the TCS tells, one after the other. */
export class AttendanceBook {
  readonly #context: Pick<Context, 'store'>
  readonly #onFault: (error: unknown) => void
  /** Of each connection that is in. */
  readonly #stays = new Map<string, string>()
  #writing: Promise<void>

  /** Begins with nobody in: whoever was before this process is not any more. */
  constructor(context: Pick<Context, 'store'>, onFault: (error: unknown) => void) {
    this.#context = context
    this.#onFault = onFault
    this.#writing = context.store.stays.endAll().catch(onFault)
  }

  note(change: PresenceChange): void {
    this.#writing = this.#writing.then(() => this.#write(change)).catch(this.#onFault)
  }

  /** Resolves when all that was told is written. */
  async idle(): Promise<void> {
    await this.#writing
  }

  async #write({ connection, mid, sub, there, atMs }: PresenceChange): Promise<void> {
    const { store } = this.#context
    if (!there) {
      const id = this.#stays.get(connection)
      this.#stays.delete(connection)
      if (id !== undefined) await store.stays.end(id, atMs)
      return
    }
    const meetingId = mid as MeetingId
    const meeting = await store.allMeetings.byId(meetingId)
    if (meeting === undefined || !keepsAttendance(meeting)) return
    const id = makeId()
    const accountId = sub as AccountId
    await store.stays.add({ id, meetingId, accountId, joinedAt: atMs, leftAt: null })
    this.#stays.set(connection, id)
  }
}

const HEADERS: Readonly<Record<Language, (zone: string) => readonly string[]>> = {
  en: (zone) => ['Name', 'Email', `From (${zone})`, `To (${zone})`, 'Minutes'],
  fr: (zone) => ['Nom', 'Adresse', `De (${zone})`, `À (${zone})`, 'Minutes'],
}

/** @throws {TmmsError} `not-found` for everybody but the organiser and administrators. */
export async function exportAttendance(
  context: Context,
  actor: Person,
  id: MeetingId,
): Promise<string> {
  const { account } = actor
  return context.store.atomically(async (rows) => {
    const meeting = await rows.allMeetings.byId(id)
    const may = account.role === 'administrator' || meeting?.organiserId === account.id
    if (meeting === undefined || !may) throw notFound()
    const stays = await rows.stays.of(id)
    await record(rows, actor, context.now(), {
      action: 'export',
      object: meetingObject(id),
      details: { what: 'attendance', rows: stays.length },
    })
    const zone = meeting.zone || context.timeZone
    const { language } = account
    const lines = stays.map((stay) => lineOf(stay, zone))
    return writeCsv([HEADERS[language](zone), ...lines], language)
  })
}

function lineOf(stay: NamedStay, zone: string): readonly string[] {
  const email = showEmail(stay.email)
  const { joinedAt, leftAt } = stay
  const minutes = leftAt === null ? '' : String(Math.round((leftAt - joinedAt) / 60_000))
  const name = displayName({ ...stay, email })
  const until = leftAt === null ? '' : wallClock(leftAt, zone)
  return [name, email, wallClock(joinedAt, zone), until, minutes]
}
