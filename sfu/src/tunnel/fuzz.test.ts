/** Members may send anything, correctly signed: afterwards the relay still serves everybody else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS, generator } from '../../test/mutate.ts'
import { PEER, openTestTunnel, type TestTunnel } from '../../test/tunnel.ts'
import { channelData, errorOf, type TurnClient } from '../../test/turn-client.ts'
import { Attribute, Method, encodeStun, type StunAttribute, type StunClass } from './stun.ts'

/** They go through real connections, so there are fewer than of inputs for the parsers alone. */
const MESSAGES = Math.ceil(FUZZ_INPUTS / 12)
const SEED = 20_260_801
/** More than the longest message. */
const NOTHING = Buffer.alloc(20_000)

const PLENTY = { perSecond: 1e9, burst: 1e9 }
/** What is tried here are the parsers, not the budgets. */
const UNLIMITED = {
  quotas: { member: 1e6, account: 1e6, network: 1e6 },
  turn: { stranger: PLENTY, requests: PLENTY, bytes: PLENTY },
}

let t: TestTunnel
beforeAll(async () => void (t = await openTestTunnel({ limits: UNLIMITED })))
afterAll(() => t.close())

const random = generator(SEED)
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)))
const methods = [...Object.values(Method), 0, 2, 10, 0xfff]
const kinds: readonly StunClass[] = [
  'request',
  'request',
  'request',
  'indication',
  'success',
  'error',
]
const types = [...Object.values(Attribute), 0x1a, 0x1c, 0x8022, 0xc057, 0x7fff]
const peer = Buffer.from('0001bd52e721c643', 'hex')

function value(): Buffer {
  const kind = random(6)
  if (kind === 0) return peer
  if (kind === 1) return Buffer.from([0x40, random(256), 0, 0])
  if (kind === 2) return Buffer.from([17, 0, 0, 0])
  return bytes(pick([0, 1, 2, 3, 4, 5, 7, 8, 16, 20, 21, 200]))
}

function message(client: TurnClient): Buffer {
  const signature: StunAttribute[] = [
    [Attribute.username, Buffer.from(client.username)],
    [Attribute.realm, Buffer.from(client.realm)],
    [Attribute.nonce, Buffer.from(client.nonce)],
  ]
  const unsafe = new Set<number>([Attribute.messageIntegrity, Attribute.fingerprint])
  const attributes = Array.from({ length: random(5) }, (): StunAttribute => [pick(types), value()])
  const method = pick(methods)
  return encodeStun({
    method,
    class: pick(kinds),
    transaction: bytes(12),
    attributes: [...signature, ...attributes.filter(([type]) => !unsafe.has(type))],
    key: client.key,
    fingerprint: random(4) === 0,
  })
}

function anything(client: TurnClient): Buffer {
  if (random(10) > 0) return message(client)
  return channelData(0x4000 + random(0x1000), bytes(random(50)))
}

test(
  'W6 signed messages with random attributes, whole, merged and cut',
  async () => {
    const witness = await t.permitted('witness')
    let client = await t.permitted('fuzz')
    let connections = 1
    for (let sent = 0; sent < MESSAGES;) {
      const burst = 1 + random(60)
      const stream = Buffer.concat(Array.from({ length: burst }, () => anything(client)))
      const broken = random(8) === 0
      if (broken) stream.writeUInt8(random(256), random(stream.length))
      const cut = random(stream.length)
      client.socket.write(stream.subarray(0, cut))
      client.socket.write(stream.subarray(cut))
      sent += burst
      // A broken length may swallow what follows; zeros then are no message at all, so the end must come.
      if (broken) client.socket.write(NOTHING)
      const alive = await Promise.race([
        probe(client).then(() => !broken),
        client.closed.then(() => false),
      ])
      if (alive) continue
      await client.closed
      client = await t.permitted('fuzz')
      connections += 1
    }
    expect(connections).toBeGreaterThan(1)
    expect(t.notes.filter(({ reason }) => reason === 'failed')).toEqual([])
    expect(errorOf(await witness.ask(Method.refresh, []))).toBe(0)
    witness.indicate(PEER, Buffer.from('still here'))
    let packet = await t.worker.packets.next()
    while (packet.toString() !== 'still here') packet = await t.worker.packets.next()
    await client.close()
    await witness.close()
    expect(t.otherWorker.open).toBe(0)
  },
  FUZZ_TIMEOUT_MS,
)

/** Reads replies until the one to this request. */
async function probe(client: TurnClient): Promise<void> {
  const request = client.request(Method.binding, [], false)
  client.socket.write(request)
  for (;;) {
    const reply = await client.replies.next()
    if (reply.transaction.equals(request.subarray(8, 20))) return
  }
}
