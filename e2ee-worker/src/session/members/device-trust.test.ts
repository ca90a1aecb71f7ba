import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../../errors.ts'
import type { Identity } from '../../trust/identity.ts'
import { memoryStore, type Store } from '../../trust/store.ts'
import { Network, VIDEO, membersOf, newIdentity } from '../../../test/network.ts'
import { warningsOf, type Node } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { ORIGIN, fakeTmms, type FakeTmms } from '../../../test/tmms.ts'

/** Ada's browser, and what it remembers from one meeting to the next; Bob comes with one device or another. */
let tmms: FakeTmms
let memory: Store
let ada: Identity
let bobsLaptop: Identity
let bobsPhone: Identity
const BOB = { sub: 'u_bob', name: 'Bob' }

beforeAll(async () => {
  tmms = await fakeTmms()
})
beforeEach(async () => {
  memory = memoryStore()
  ;[ada, bobsLaptop, bobsPhone] = await Promise.all([newIdentity(), newIdentity(), newIdentity()])
})

/** A meeting in which Ada sends; Bob comes with these devices, which send as well. */
async function meeting(...devices: Identity[]): Promise<[Network, Node, ...Node[]]> {
  const network = new Network(tmms, 1)
  const host = await network.join({ identity: ada, store: memory })
  await network.publish(host)
  const bobs: Node[] = []
  for (const identity of devices) bobs.push(await arrive(network, identity))
  return [network, host, ...bobs]
}

async function arrive(network: Network, identity: Identity): Promise<Node> {
  const bob = await network.join({ identity, claims: BOB })
  await network.publish(bob)
  return bob
}

function verificationOf(node: Node, other: Node): string | undefined {
  return membersOf(node).find(({ memberId }) => memberId === other.id)?.verification
}

async function verify(network: Network, node: Node, other: Node, verified = true): Promise<void> {
  await node.session.deviceTrust.verifyMember(other.id, verified)
  await network.advance(3000)
}

/** Bob's laptop was verified in an earlier meeting. */
async function laptopVerified(): Promise<void> {
  const [network, host, bob] = await meeting(bobsLaptop)
  await verify(network, host, bob!)
}

async function hears(listener: Node, speaker: Node): Promise<string> {
  return openFrame(listener, await sealFrame(speaker, VIDEO))
}

describe('a device', () => {
  it('is new in its first meeting, known in the next, and verified once somebody compared', async () => {
    const [network, host, bob] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    expect(verificationOf(host, bob)).toBe('new')
    network.disconnect(bob, 'left')
    await network.settle()
    expect(verificationOf(host, await arrive(network, bobsLaptop))).toBe('new')

    const [again, hostAgain, bobAgain] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    expect(verificationOf(hostAgain, bobAgain)).toBe('known')
    await verify(again, hostAgain, bobAgain)
    expect(verificationOf(hostAgain, bobAgain)).toBe('verified')

    const [, hostLater, bobLater] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    expect(verificationOf(hostLater, bobLater)).toBe('verified')
    expect(await hears(bobLater, hostLater)).toBe('picture')
    expect(warningsOf(hostLater)).toEqual([])
  })

  it('of somebody nobody verified is just another device', async () => {
    await meeting(bobsLaptop)
    const [, host, phone] = (await meeting(bobsPhone)) as [Network, Node, Node]
    expect(verificationOf(host, phone)).toBe('new')
    expect(await hears(phone, host)).toBe('picture')
  })

  it('of the same sub at another TMMS is nobody we know', async () => {
    await laptopVerified()
    const elsewhere = { origin: 'https://other.example', sub: BOB.sub }
    expect(await memory.changeDevices(elsewhere, (devices) => devices)).toEqual([])
    const here = { origin: ORIGIN, sub: BOB.sub }
    expect(await memory.changeDevices(here, (devices) => devices)).toMatchObject([
      { jkt: bobsLaptop.jkt, trust: 'verified' },
    ])
  })
})

describe('R6 B7 an unknown device of a verified person', () => {
  let network: Network
  let host: Node
  let phone: Node

  beforeEach(async () => {
    await laptopVerified()
    ;[network, host, phone] = (await meeting(bobsPhone)) as [Network, Node, Node]
  })

  it('is warned of, gets no key of ours, and is not seen or heard', async () => {
    expect(verificationOf(host, phone)).toBe('changed')
    expect(warningsOf(host)).toEqual(['E_IK_CHANGED'])
    expect(await hears(phone, host)).toBe('E_NO_KEY')
    expect(await hears(host, phone)).toBe('not a member')
    expect(membersOf(host)).toMatchObject([{ canDecrypt: false }])
  })

  it('is told no key by asking, by a new HELLO, or when our key changes', async () => {
    phone.session.requestKey(host.id)
    await network.advance(3000)
    await network.renew(phone)
    await network.advance(16 * 60_000)
    expect(host.session.sender.current?.gen).toBeGreaterThan(0)
    expect(await hears(phone, host)).toBe('E_NO_KEY')
    expect(verificationOf(host, phone)).toBe('changed')
  })

  it('still counts as present, so that no two lists differ because of it', async () => {
    const carol = await network.join()
    await network.publish(carol)
    await network.advance(60_000)
    for (const node of [host, phone, carol]) {
      expect(warningsOf(node)).not.toContain('E_ROSTER')
      expect(membersOf(node)).toHaveLength(2)
    }
    expect(await hears(carol, phone)).toBe('picture')
    expect(host.late.get(phone.id) ?? []).toEqual([])
  })

  it('is let in by accepting it, from then on and for later meetings', async () => {
    const before = await sealFrame(host)
    await host.session.deviceTrust.acceptDevice(phone.id)
    await network.advance(3000)
    expect(verificationOf(host, phone)).toBe('known')
    expect(await hears(phone, host)).toBe('picture')
    expect(await hears(host, phone)).toBe('picture')
    expect(await openFrame(phone, before)).toBe('E_NO_KEY')
    expect(membersOf(host)).toMatchObject([{ canDecrypt: true }])

    const [, hostLater, phoneLater] = (await meeting(bobsPhone)) as [Network, Node, Node]
    expect(verificationOf(hostLater, phoneLater)).toBe('known')
    expect(warningsOf(hostLater)).toEqual([])
    const [, hostLast, laptop] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    expect(verificationOf(hostLast, laptop)).toBe('verified')
  })

  it('stays out in every later meeting until it is accepted: being seen again is no merit', async () => {
    const [, hostLater, phoneLater] = (await meeting(bobsPhone)) as [Network, Node, Node]
    expect(verificationOf(hostLater, phoneLater)).toBe('changed')
    expect(await hears(phoneLater, hostLater)).toBe('E_NO_KEY')
  })

  it('is let in by verifying it, and the earlier device stays verified', async () => {
    await verify(network, host, phone)
    expect(verificationOf(host, phone)).toBe('verified')
    expect(await hears(phone, host)).toBe('picture')
    const laptop = await arrive(network, bobsLaptop)
    expect(verificationOf(host, laptop)).toBe('verified')
  })

  it('is not read in the chat before it is accepted, and reads nothing of ours', async () => {
    const texts = ({ events }: Node): string[] =>
      events.flatMap((event) => (event.type === 'chat' && !event.own ? [event.text] : []))
    await phone.session.features.chat.send('let me in')
    await host.session.features.chat.send('who is that?')
    await network.advance(3000)
    expect([texts(host), texts(phone)]).toEqual([[], []])
    await host.session.deviceTrust.acceptDevice(phone.id)
    await network.advance(3000)
    await phone.session.features.chat.send('thank you')
    await host.session.features.chat.send('welcome')
    await network.advance(3000)
    expect([texts(host), texts(phone)]).toEqual([['thank you'], ['welcome']])
  })

  it('does not hinder the verified device beside it', async () => {
    const laptop = await arrive(network, bobsLaptop)
    expect(verificationOf(host, laptop)).toBe('verified')
    expect(await hears(laptop, host)).toBe('picture')
    expect(await hears(phone, host)).toBe('E_NO_KEY')
  })
})

describe('judging while two devices of a person are there', () => {
  it('R6 verifying one shuts the other out at once, and taking it back lets it in again', async () => {
    const [network, host, laptop, phone] = (await meeting(bobsLaptop, bobsPhone)) as [
      Network,
      ...[Node, Node, Node],
    ]
    expect(await hears(phone, host)).toBe('picture')
    await verify(network, host, laptop)
    expect([verificationOf(host, laptop), verificationOf(host, phone)]).toEqual([
      'verified',
      'changed',
    ])
    expect(warningsOf(host)).toEqual(['E_IK_CHANGED'])
    expect(await hears(laptop, host)).toBe('picture')
    expect(await hears(phone, host)).toBe('E_NO_KEY')
    expect(await hears(host, phone)).toBe('not a member')

    await verify(network, host, laptop, false)
    expect([verificationOf(host, laptop), verificationOf(host, phone)]).toEqual(['new', 'new'])
    expect(await hears(phone, host)).toBe('picture')
    expect(await hears(host, phone)).toBe('picture')
  })

  it('accepting a device that is not blocked changes nothing', async () => {
    const [network, host, laptop] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    await host.session.deviceTrust.acceptDevice(laptop.id)
    await network.advance(3000)
    expect(verificationOf(host, laptop)).toBe('new')
    expect(host.session.sender.current?.gen).toBe(0)
  })

  it('treats other devices of our own like anybody’s', async () => {
    const network = new Network(tmms, 1)
    const claims = { sub: 'u_ada' }
    const host = await network.join({ identity: ada, store: memory, claims })
    const tablet = await network.join({ claims })
    const intruder = await network.join({ claims })
    await network.publish(host)
    await verify(network, host, tablet)
    expect(verificationOf(host, intruder)).toBe('changed')
    expect(await hears(tablet, host)).toBe('picture')
    expect(await hears(intruder, host)).toBe('E_NO_KEY')
  })
})

describe('the safety number', () => {
  it('is the same on both sides, another for every pair, and lasts beyond the meeting', async () => {
    const [network, host, bob] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    const shown = await host.session.deviceTrust.safetyNumber(bob.id)
    expect(shown.digits).toMatch(/^(\d{5} ){11}\d{5}$/)
    expect(await bob.session.deviceTrust.safetyNumber(host.id)).toEqual(shown)
    const carol = await network.join()
    const others = [
      await host.session.deviceTrust.safetyNumber(carol.id),
      await bob.session.deviceTrust.safetyNumber(carol.id),
    ]
    expect(new Set([shown, ...others].map(({ digits }) => digits)).size).toBe(3)
    const [, hostLater, bobLater] = (await meeting(bobsLaptop)) as [Network, Node, Node]
    expect(await hostLater.session.deviceTrust.safetyNumber(bobLater.id)).toEqual(shown)
  })

  it('is another one when the device is another one', async () => {
    const [, host, laptop, phone] = (await meeting(bobsLaptop, bobsPhone)) as [
      Network,
      ...[Node, Node, Node],
    ]
    const [one, two] = await Promise.all(
      [laptop, phone].map(({ id }) => host.session.deviceTrust.safetyNumber(id)),
    )
    expect(one!.digits).not.toBe(two!.digits)
    expect(one!.qr).not.toBe(two!.qr)
  })
})

it('nothing is said or noted about somebody who is not there', async () => {
  const [, host] = await meeting()
  const { deviceTrust } = host.session
  for (const refused of [
    deviceTrust.safetyNumber('ab'.repeat(16)),
    deviceTrust.verifyMember('__proto__', true),
    deviceTrust.acceptDevice(host.id),
  ]) {
    expect(await refused.then(() => 'done', codeOf)).toBe('E_STATE')
  }
  await host.session.close()
  expect(await deviceTrust.verifyMember(host.id, true).then(() => 'done', codeOf)).toBe('E_STATE')
})

it('R6 what a blocked moderator opened is open once the device is accepted', async () => {
  await laptopVerified()
  const [network, host] = await meeting()
  const phone = await network.join({
    identity: bobsPhone,
    claims: { ...BOB, role: 'moderator' },
  })
  const locks = (): boolean[] =>
    host.events.flatMap((event) => (event.type === 'lock' ? [event.locked] : []))
  for (const locked of [true, false]) await phone.session.features.moderation.lock(locked)
  await network.settle()
  expect(locks()).toEqual([true])
  await host.session.deviceTrust.acceptDevice(phone.id)
  expect(locks()).toEqual([true, false])
})
