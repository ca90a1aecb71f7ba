import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AUDIO, Network, VIDEO, membersOf, warningsOf, type Node } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { Member } from './members/member.ts'

let network: Network

beforeEach(async () => {
  network = await Network.open()
})

async function publishers(count: number): Promise<Node[]> {
  const nodes: Node[] = []
  for (let i = 0; i < count; i++) {
    const node = await network.join()
    nodes.push(node)
    await network.publish(node)
  }
  return nodes
}

async function expectAllAgree(nodes: readonly Node[]): Promise<void> {
  for (const sender of nodes) {
    const frame = await sealFrame(sender)
    for (const receiver of nodes) {
      if (receiver !== sender) expect(await openFrame(receiver, frame)).toBe('picture')
    }
  }
}

describe('members of a session', () => {
  it('agree, two and three of them, and see each other as able to decrypt', async () => {
    const nodes = await publishers(2)
    await expectAllAgree(nodes)
    const third = await network.join()
    await network.publish(third)
    await expectAllAgree([...nodes, third])
    for (const node of [...nodes, third]) {
      expect(membersOf(node)).toHaveLength(2)
      expect(membersOf(node).every(({ canDecrypt }) => canDecrypt)).toBe(true)
      expect(warningsOf(node)).toEqual([])
    }
  })

  it('know names, roles and streams from the signed token and the sealed key', async () => {
    const one = await network.join({ claims: { name: 'Ada', role: 'moderator' } })
    const two = await network.join()
    await network.publish(one)
    expect(membersOf(two)).toEqual([
      expect.objectContaining({
        ...{ memberId: one.id, name: 'Ada', role: 'moderator', state: 'verified' },
        streams: [AUDIO, VIDEO],
      }),
    ])
  })

  it('find each other when all arrive at the same moment', async () => {
    const nodes: Node[] = []
    for (let i = 0; i < 4; i++) nodes.push(await network.join({ silent: true }))
    const published = nodes.map((node) => node.session.publish([AUDIO, VIDEO]))
    for (const node of nodes) network.connect(node)
    await network.settle()
    await network.advance(3000)
    await Promise.all(published)
    await expectAllAgree(nodes)
  })

  it('H10 give no key to somebody announced without a HELLO, and do not wait for long', async () => {
    const ghost = 'ee'.repeat(16)
    const one = await network.join({ silent: true })
    one.connected = true
    const published = one.session.publish([AUDIO])
    one.session.connections.roster([ghost])
    await network.advance(1900)
    expect(one.session.sender.current).toBeNull()
    await network.advance(200)
    await published
    expect(one.session.sender.current?.gen).toBe(0)
    expect(membersOf(one)).toEqual([])
    const sentToGhost = one.events.filter((event) => event.type === 'send' && event.to === ghost)
    expect(sentToGhost.every((event) => event.type === 'send' && event.bytes[0] === 1)).toBe(true)
  })

  it('ask again for a HELLO that was lost on the way', async () => {
    const one = await network.join()
    network.tamper = ({ to }) => (to === one.id ? null : new Uint8Array(0))
    const two = await network.join()
    expect(membersOf(two)).toEqual([])
    network.tamper = ({ bytes }) => bytes
    await network.advance(2500)
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([two.id])
    expect(membersOf(two).map(({ memberId }) => memberId)).toEqual([one.id])
  })

  it('F9 may send only what their token permits, each kind under its own index', async () => {
    const quiet = await network.join({ claims: { prm: ['audio'] } })
    await expect(quiet.session.publish([VIDEO])).rejects.toMatchObject({ code: 'E_STREAM' })
    const elsewhere = quiet.session.publish([{ ...AUDIO, idx: VIDEO.idx }])
    await expect(elsewhere).rejects.toMatchObject({ code: 'E_STREAM' })
    await network.publish(quiet, [AUDIO])
    expect(quiet.session.sender.current).not.toBeNull()
  })

  it('spread the key of a stream that is added later', async () => {
    const one = await network.join()
    const two = await network.join()
    await network.publish(one, [AUDIO])
    await network.publish(one, [AUDIO, VIDEO])
    expect(await openFrame(two, await sealFrame(one, VIDEO))).toBe('picture')
    expect(membersOf(two)[0]?.streams).toEqual([AUDIO, VIDEO])
    expect(warningsOf(two)).toEqual([])
  })

  it('hold nothing after closing, and are gone for the others', async () => {
    const [one, two] = (await publishers(2)) as [Node, Node]
    const frame = await sealFrame(one)
    await two.session.close()
    await network.settle()
    expect(await openFrame(two, frame)).toBe('not a member')
    expect(two.session.sender.current).toBeNull()
    expect(membersOf(one)).toEqual([])
    await expect(two.session.publish([AUDIO])).rejects.toMatchObject({ code: 'E_STATE' })
  })
})

describe('a cut connection', () => {
  it('comes back within 15 s without a new generation', async () => {
    const [one, two] = (await publishers(2)) as [Node, Node]
    network.disconnect(two, 'lost')
    await network.advance(14_000)
    expect(membersOf(one)[0]?.state).toBe('lost')
    network.connect(two)
    await network.advance(5000)
    expect(membersOf(one)[0]?.state).toBe('verified')
    expect(one.session.sender.current?.gen).toBe(0)
    await expectAllAgree([one, two])
  })

  it('that stays away longer is a leave, and coming back takes a new HELLO', async () => {
    const [one, two] = (await publishers(2)) as [Node, Node]
    network.disconnect(two, 'lost')
    await network.advance(40_000)
    expect(membersOf(one)).toEqual([])
    expect(one.session.sender.current?.gen).toBe(1)
    const missed = await sealFrame(one)
    await network.renew(two)
    network.connect(two)
    await network.settle()
    await network.advance(1000)
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([two.id])
    await expectAllAgree([one, two])
    expect(await openFrame(two, missed)).toBe('E_NO_KEY')
  })

  it('also comes back when the page fetched no token: the worker asks for one', async () => {
    const [one, two] = (await publishers(2)) as [Node, Node]
    network.disconnect(two, 'lost')
    await network.advance(40_000)
    network.connect(two)
    await network.settle()
    await network.advance(1000)
    await expectAllAgree([one, two])
  })

  it('gives way to the reloaded page of the same device', async () => {
    const [one, two] = (await publishers(2)) as [Node, Node]
    network.disconnect(two, 'lost')
    await network.advance(1000)
    const reloaded = await network.join({ identity: two.identity })
    await network.publish(reloaded)
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([reloaded.id])
    await expectAllAgree([one, reloaded])
  })
})

it('whose goodbye cannot be said erases its keys all the same', async () => {
  const [one] = await publishers(2)
  const sealing = vi.spyOn(Member.prototype, 'seal').mockRejectedValue(new Error('no entropy'))
  await expect(one!.session.close()).rejects.toThrow('no entropy')
  sealing.mockRestore()
  expect(one!.session.sender.current).toBeNull()
  expect(one!.session.keysOf(network.nodes[1]!.id)).toBeNull()
})
