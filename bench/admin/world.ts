/** A TMMS in a process of its own, so that the CPU it takes is not that of who asks. Started by sign-ins.ts. */
import { openWorld, plan } from '../../tmms/test/world.ts'

const PEOPLE = 20

/** What is told once, when everything is there. */
export interface Ready {
  readonly base: string
  readonly emails: readonly string[]
  readonly meetingId: string
}

const world = await openWorld({ now: Date.now })
const organiser = await world.administrator()
const emails = Array.from({ length: PEOPLE }, (_, index) => `person${index}@example.org`)
for (const email of emails) await world.person(email)
const { id } = await plan(organiser, emails, { startsAt: new Date().toISOString() })
const ready: Ready = { base: world.base, emails, meetingId: id }
process.send?.(ready)
/** Every question is answered with the microseconds of CPU taken so far. */
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => void world.close())
