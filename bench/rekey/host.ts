/** Many members in one process: their sessions are as many as on as many machines, but share one core. */
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { chooseKem } from '../../e2ee-worker/src/keys/kem.ts'
import { identityOf, type Identity } from '../../e2ee-worker/src/trust/identity.ts'
import { Ear, openEars, type Sealed } from './ears.ts'
import { Member } from './member.ts'
import { now, type Arrival, type Commands, type Generations } from './messages.ts'
import { answerParent } from './process.ts'

const FRAME_MS = 20
const FRAME_BYTES = 120

const kem = await chooseKem()
const identities = new Map<number, Identity>()
const members = new Map<number, Member>()
const publishers = new Set<string>()
/** When a publisher of this process sealed its first frame of its newest generation. */
const firstSealed = new Map<string, Arrival>()
const ears = new Map<number, Ear>()
const earsPort = await openEars((sealed) => {
  for (const ear of ears.values()) ear.hear(sealed)
})
let talking: NodeJS.Timeout | undefined

answerParent<Commands>({
  ears: () => earsPort,
  async identity({ number }) {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const identity = await identityOf(pair)
    identities.set(number, identity)
    return { jkt: identity.jkt }
  },
  async join({ meeting, role, token, publishers: known }) {
    for (const id of known) publishers.add(id)
    const identity = identities.get(role.number)!
    const member = await Member.join({ meeting, role, token, identity, kem, publishers })
    members.set(role.number, member)
    if (role.listens) ears.set(role.number, new Ear(member))
    return { memberId: member.id }
  },
  async publish({ number }) {
    const member = members.get(number)!
    publishers.add(member.id)
    await member.publish()
    return null
  },
  async talk({ port }) {
    const socket = createConnection(port, '127.0.0.1')
    await once(socket, 'connect')
    talk(socket)
    return null
  },
  hush() {
    clearInterval(talking)
    return null
  },
  generations: () => Object.fromEntries(firstSealed),
  missing: ({ generations, gone }) => missing(generations, gone),
  arrivals: ({ generations, gone }) => lastArrival(generations, gone),
  async probes({ gone }) {
    const speaking = [...members.values()].filter((member) => speaks(member, gone))
    const seal = async (member: Member) => ({
      from: member.id,
      wire: await member.seal(new ArrayBuffer(FRAME_BYTES)),
    })
    return Promise.all(speaking.map(seal))
  },
  async tryProbes({ probes, gone }) {
    let [lost, leaked] = [0, 0]
    for (const member of members.values()) {
      for (const { from, wire } of probes) {
        if (from === member.id) continue
        const opened = await member.opens(from, Uint8Array.from(wire))
        if (gone.includes(member.id)) leaked += opened ? 1 : 0
        else lost += opened ? 0 : 1
      }
    }
    return { lost, leaked }
  },
  listen() {
    for (const ear of ears.values()) ear.start()
    return now()
  },
  heard: ({ gone }) =>
    [...ears.values()].filter(({ member }) => !gone.includes(member.id)).map((ear) => ear.heard()),
  async leave({ number }) {
    const at = now()
    await members.get(number)!.leave()
    return at
  },
  async remove({ number, victim }) {
    const at = now()
    await members.get(number)!.remove(victim)
    return at
  },
  eavesdrop({ number }) {
    members.get(number)!.eavesdrop()
    return null
  },
  lastLeak: ({ number }) => ears.get(number)!.lastOpenedSealedAt,
  cpu() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  close() {
    clearInterval(talking)
    for (const member of members.values()) member.close()
    return null
  },
})

function speaks(member: Member, gone: readonly string[] = []): boolean {
  return member.role.publishes && member.generation >= 0 && !gone.includes(member.id)
}

/** 50 frames a second of each publisher; when the process is late, it catches up, and nothing is skipped. */
function talk(socket: Socket): void {
  const start = performance.now()
  const speaking = [...members.values()].filter((member) => member.role.publishes)
  let seq = 0
  talking = setInterval(() => {
    for (; seq * FRAME_MS <= performance.now() - start; seq += 1) {
      for (const member of speaking) void speak(member, seq, socket)
    }
  }, FRAME_MS)
}

async function speak(member: Member, seq: number, socket: Socket): Promise<void> {
  if (!speaks(member) || member.gone) return
  const { id, generation: gen } = member
  const at = now()
  const wire = await member.seal(new ArrayBuffer(FRAME_BYTES))
  if (gen > (firstSealed.get(id)?.gen ?? -1)) firstSealed.set(id, { gen, at })
  const sealed: Sealed = { from: id, seq, at, wire }
  socket.write(Ear.encode(sealed))
}

/** Those who should have the keys of these publishers. */
function* wanted(generations: Generations, gone: readonly string[]) {
  for (const member of members.values()) {
    if (gone.includes(member.id)) continue
    for (const [from, key] of Object.entries(generations)) {
      if (from !== member.id) yield { key, arrival: member.arrivals.get(from) }
    }
  }
}

function missing(generations: Generations, gone: readonly string[]): number {
  let count = 0
  for (const { key, arrival } of wanted(generations, gone)) {
    if ((arrival?.gen ?? -1) < key.gen) count += 1
  }
  return count
}

function lastArrival(generations: Generations, gone: readonly string[]): number {
  let last = 0
  for (const { key, arrival } of wanted(generations, gone)) {
    last = Math.max(last, key.at, arrival?.at ?? Number.POSITIVE_INFINITY)
  }
  return last
}
