import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, Network, membersOf, newIdentity } from '../../../test/network.ts'
import { warningsOf as allWarningsOf, type Node, type Relayed } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { MSID, START_S } from '../../../test/tmms.ts'
import { BROADCAST, ENVELOPE, twoMembers } from '../../../test/two-members.ts'
import { codeOf } from '../../errors.ts'
import { decodeBroadcast, signBroadcast } from '../../messages/broadcast.ts'
import { DATA } from '../../keys/frame-metadata.ts'
import { encodeStatement } from '../../messages/statements.ts'
import { join, text as utf8, u64, u8, type Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'

const CHAT = 9
let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(0))
})

async function write(node: Node, text: string): Promise<string> {
  const sent = node.session.features.chat.send(text).then(() => 'sent', codeOf)
  await network.settle()
  await network.advance(1000)
  return sent
}

/** Messages made by hand leave out numbers; a test of its own is about that. */
const warningsOf = (node: Node): string[] =>
  allWarningsOf(node).filter((code) => code !== 'E_ENV_GAP')
const heard = (node: Node, from?: Node): string[] =>
  node.events.flatMap((event) =>
    event.type === 'chat' && (from === undefined || event.from === from.id) ? [event.text] : [],
  )
const isChat = ({ bytes }: Relayed): boolean =>
  bytes[0] === BROADCAST && decodeBroadcast(bytes).type === CHAT
const isEnvelope = ({ bytes }: Relayed): boolean => bytes[0] === ENVELOPE
const written = (from: Node, to: Node): Relayed[] =>
  network.record.filter((sent) => sent.from === from.id && sent.to === to.id && isChat(sent))

/** A chat broadcast properly signed by `signer`, around whatever it likes. */
function signed(signer: Node, sealed: Bytes, seq = 5000): Promise<Bytes> {
  const message = { from: signer.id as MemberId, seq, ...encodeStatement({ type: 'chat', sealed }) }
  return signBroadcast(message, MSID, signer.identity)
}

const seal = (node: Node, plaintext: Bytes): Promise<Bytes> =>
  node.session.sender.seal(DATA, new Uint8Array(0), plaintext.slice().buffer)

describe('chat', () => {
  it.each([1, 2])('is read by everybody there, itself included, in suite %i', async (suite) => {
    network = await Network.open(suite)
    const a = await network.join({ claims: { name: 'Ada' } })
    const [b, c] = [await network.join(), await network.join()]
    expect(await write(a, 'Bonjour à tous')).toBe('sent')
    for (const node of [a, b, c]) {
      expect(node.events.filter(({ type }) => type === 'chat')).toEqual([
        {
          ...{ type: 'chat', from: a.id, name: 'Ada', own: node === a, text: 'Bonjour à tous' },
          timeMs: expect.any(Number) as number,
        },
      ])
    }
    expect(await write(c, 'Bonjour')).toBe('sent')
    expect(heard(a)).toEqual(['Bonjour à tous', 'Bonjour'])
    expect([a, b, c].flatMap(allWarningsOf)).toEqual([])
  })

  it('says when it was written, in the TMMS’s time', async () => {
    await network.advance(90_000)
    await write(one, 'x')
    const event = two.events.find(({ type }) => type === 'chat')
    expect(event).toMatchObject({ timeMs: START_S * 1000 + 90_000 })
  })

  it('needs neither a stream nor the permission to send one', async () => {
    const guest = await network.join({ claims: { prm: [] } })
    expect(await write(guest, 'Je vous écris')).toBe('sent')
    expect(heard(one, guest)).toEqual(['Je vous écris'])
    expect(guest.session.sender.current?.gen).toBe(0)
    const shown = membersOf(one).find(({ memberId }) => memberId === guest.id)
    expect(shown?.streams).toEqual([])
    expect(one.session.keysOf(guest.id)?.codecOf('audio')).toBeNull()
  })

  it('is possible alone, and media may follow under the same key', async () => {
    network = await Network.open()
    one = await network.join()
    expect(await write(one, 'Y a-t-il quelqu’un\u202f?')).toBe('sent')
    two = await network.join()
    await network.publish(one, [AUDIO])
    expect(await write(one, 'Ah')).toBe('sent')
    expect(await openFrame(two, await sealFrame(one, AUDIO))).toBe('picture')
    expect(heard(two)).toEqual(['Ah'])
  })

  it('travels as nothing but ciphertext', async () => {
    const secret = 'le mot de passe est PERCEPTIBLE'
    await write(one, secret)
    expect(heard(two)).toEqual([secret])
    for (const { bytes } of network.record) {
      expect(Buffer.from(bytes).includes('PERCEPTIBLE')).toBe(false)
    }
  })

  it('keeps its order, even before the first key is in use', async () => {
    const texts = ['1', '2', '3', '4', '5']
    const sent = texts.map((text) => one.session.features.chat.send(text))
    await network.advance(1000)
    await Promise.all(sent)
    expect(heard(two)).toEqual(texts)
    expect(heard(one)).toEqual(texts)
  })

  it('is at most ten messages in a second, and well-formed', async () => {
    const results = Array.from({ length: 11 }, (_, i) =>
      one.session.features.chat.send(String(i)).then(() => 'sent', codeOf),
    )
    await network.advance(1000)
    expect(await Promise.all(results)).toEqual([...Array<string>(10).fill('sent'), 'E_STATE'])
    expect(await write(one, 'later')).toBe('sent')
    expect(await write(one, '')).toBe('E_LEN')
    expect(await write(one, 'a\0')).toBe('E_LEN')
    expect(heard(two)).toHaveLength(11)
  })

  it('ends with the session', async () => {
    await one.session.close()
    expect(await write(one, 'x')).toBe('E_STATE')
  })
})

describe('who may read', () => {
  it('K1 a newcomer reads nothing that was written before, and is not told of a loss', async () => {
    await write(one, 'before')
    const three = await network.join()
    await network.advance(1000)
    expect(await write(one, 'after')).toBe('sent')
    expect(heard(three)).toEqual(['after'])
    await network.give(three, one.id, written(one, two)[0]!.bytes)
    await network.advance(12_000)
    expect(heard(three)).toEqual(['after'])
    expect(warningsOf(three)).toEqual(['E_ENV_REPLAY'])
  })

  it('K1 nor what is written before its key is in use', async () => {
    await network.publish(one)
    network.tamper = (message) =>
      isEnvelope(message) && message.from === one.id ? null : message.bytes
    const three = await network.join()
    const sent = one.session.features.chat.send('not yet')
    await network.settle()
    await sent
    network.tamper = ({ bytes }) => bytes
    await network.advance(12_000)
    expect(heard(two)).toEqual(['not yet'])
    expect(heard(three)).toEqual([])
    expect(warningsOf(three)).not.toContain('E_NO_KEY')
    await write(one, 'now')
    expect(heard(three)).toEqual(['now'])
  })

  it('K1 nor what is written while it holds the next key only, which keeps nothing waiting', async () => {
    await network.publish(one)
    const three = await network.join()
    network.tamper = (message) =>
      isEnvelope(message) && message.from === three.id ? null : message.bytes
    await network.advance(300)
    expect(three.session.keysOf(one.id)?.newest()).toEqual({ gen: 0, step: 1 })
    const sent = one.session.features.chat.send('not yet')
    await network.settle()
    await sent
    const asked = network.record.filter((sent) => sent.from === three.id && isEnvelope(sent)).length
    await network.advance(300)
    expect(one.session.sender.current?.step).toBe(1)
    const now = one.session.features.chat.send('now')
    await network.settle()
    await now
    await network.settle()
    expect([heard(two), heard(three)]).toEqual([['not yet', 'now'], ['now']])
    expect(
      network.record.filter((sent) => sent.from === three.id && isEnvelope(sent)),
    ).toHaveLength(asked)
  })

  it('K2 somebody who left reads nothing that is written after', async () => {
    await write(one, 'before')
    network.disconnect(two, 'left')
    await network.advance(2000)
    const three = await network.join()
    await network.advance(1000)
    await write(one, 'after')
    const { bytes } = written(one, three)[0]!
    await network.give(two, one.id, bytes)
    await network.advance(12_000)
    expect(heard(three)).toEqual(['after'])
    expect(heard(two)).toEqual(['before'])
  })

  it('somebody put out does not read what was about to be written when the word of it came', async () => {
    for (let turns = 0; turns < 20; turns++) {
      network = await Network.open(1)
      const chief = await network.join({ claims: { role: 'moderator' } })
      ;[one, two] = [await network.join(), await network.join()]
      await write(one, 'before')
      let word: Bytes | null = null
      network.tamper = ({ from, to, bytes }) => {
        if (from !== chief.id || to !== one.id || bytes[0] !== BROADCAST) return bytes
        word = Uint8Array.from(bytes)
        return null
      }
      await chief.session.features.moderation.removeMember(two.id)
      await network.settle()
      const sent = one.session.features.chat.send('between us')
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await network.give(one, chief.id, word!)
      await network.advance(2000)
      await sent
      const order = one.events.filter(({ type }) => type === 'removed' || type === 'chat')
      if (order.at(-1)?.type === 'chat') expect(heard(two)).toEqual(['before'])
      else expect(heard(two)).toEqual(['before', 'between us'])
    }
  })

  it('somebody put out does not read what is written while the next key is on its way', async () => {
    const chief = await network.join({ claims: { role: 'moderator' } })
    await write(one, 'before')
    network.tamper = (message) =>
      isEnvelope(message) && message.from === one.id ? null : message.bytes
    await chief.session.features.moderation.removeMember(two.id)
    await network.settle()
    const sent = one.session.features.chat.send('between us')
    await network.settle()
    expect(heard(chief)).toEqual(['before'])
    network.tamper = ({ bytes }) => bytes
    await network.advance(5000)
    await sent
    expect(heard(chief)).toEqual(['before', 'between us'])
    expect(heard(two)).toEqual(['before'])
  })

  it('R6 a device other than the verified one neither reads nor is heard until it is accepted', async () => {
    const claims = { sub: 'u_bob', name: 'Bob' }
    const laptop = await network.join({ claims })
    await one.session.deviceTrust.verifyMember(laptop.id, true)
    network.disconnect(laptop, 'left')
    await network.advance(2000)
    const phone = await network.join({ claims })
    await network.advance(1000)
    await write(phone, 'click here')
    await write(one, 'between us')
    expect([heard(one), heard(phone), heard(two)]).toEqual([
      ['between us'],
      ['click here'],
      ['click here', 'between us'],
    ])
    await one.session.deviceTrust.acceptDevice(phone.id)
    await network.advance(3000)
    await write(phone, 'it is me')
    await write(one, 'good')
    expect(heard(one, phone)).toEqual(['it is me'])
    expect(heard(phone, one)).toEqual(['good'])
  })
})

describe('a hostile TCS or member', () => {
  beforeEach(async () => {
    await write(one, 'first')
    await write(two, 'mine')
  })

  it('H5 cannot repeat a message, nor put it into another session', async () => {
    await network.give(two, one.id, written(one, two)[0]!.bytes)
    expect(warningsOf(two)).toEqual(['E_ENV_REPLAY'])
    const { body } = decodeBroadcast(written(one, two)[0]!.bytes)
    const elsewhere = await signBroadcast(
      { from: one.id as MemberId, seq: 90, type: CHAT, body },
      's_2',
      one.identity,
    )
    await network.give(two, one.id, elsewhere)
    expect(warningsOf(two)).toEqual(['E_ENV_REPLAY', 'E_ENV_AUTH'])
    expect(heard(two, one)).toEqual(['first'])
  })

  it('H5 even its author cannot send one ciphertext twice', async () => {
    const sealed = decodeBroadcast(written(one, two)[0]!.bytes).body.slice(2)
    await network.give(two, one.id, await signed(one, sealed))
    expect(warningsOf(two)).toEqual(['E_FRAME_REPLAY'])
    expect(heard(two, one)).toEqual(['first'])
  })

  it('H1 cannot change a bit of it', async () => {
    network.tamper = ({ bytes }) => bytes
    const { bytes } = written(one, two)[0]!
    for (const at of [5, 25, 26, 40, bytes.length - 1]) {
      await network.give(two, one.id, bytes.with(at, bytes[at]! ^ 1))
      await network.advance(1001)
    }
    expect(heard(two, one)).toEqual(['first'])
    expect(warningsOf(two).length).toBeGreaterThan(3)
  })

  it('cannot write in the name of another, though it holds the other’s key', async () => {
    const three = await network.join()
    await network.advance(1000)
    await write(three, 'mine too')
    // The ciphertext says whose it is, and the signature as well.
    await network.give(two, one.id, await signed(one, await seal(three, utf8('x'))))
    const identity = await newIdentity()
    await network.give(
      two,
      one.id,
      await signed({ ...one, identity }, await seal(one, utf8('x')), 5001),
    )
    expect(heard(two, one)).toEqual(['first'])
    expect(warningsOf(two)).toEqual(['E_FRAME_AUTH', 'E_ENV_AUTH'])
  })

  it('cannot pass media for text, nor text for media', async () => {
    await network.publish(one, [AUDIO])
    const frame = await sealFrame(one, AUDIO, 'sound')
    await network.give(two, one.id, await signed(one, frame.body))
    const chat = await seal(one, join(u8(1), u64(5), utf8('text')))
    expect(await openFrame(two, { ...frame, body: chat })).toBe('E_STREAM')
    expect(warningsOf(two)).toEqual(['E_STREAM'])
    expect(heard(two, one)).toEqual(['first'])
  })

  it('cannot keep a message back without its being noticed', async () => {
    network.tamper = (message) => (isChat(message) && message.to === two.id ? null : message.bytes)
    await write(one, 'do not sign')
    network.tamper = ({ bytes }) => bytes
    expect(allWarningsOf(two)).toEqual([])
    await network.advance(20_000)
    expect(two.events).toContainEqual({ type: 'warning', code: 'E_ENV_GAP', memberId: one.id })
  })

  it('B5 cannot have control characters or broken text shown', async () => {
    const said = [
      join(u8(1), u64(5), utf8('a\u0007\u009bb')),
      join(u8(1), u64(5), Uint8Array.of(0xff)),
    ]
    for (const [i, plaintext] of said.entries()) {
      await network.give(two, one.id, await signed(one, await seal(one, plaintext), 6000 + i))
    }
    expect(heard(two, one)).toEqual(['first', 'ab'])
    expect(warningsOf(two)).toEqual(['E_LEN'])
  })

  it('H16 finds nothing in a message that is none', async () => {
    const bodies = [[], [0xff], [0x90, 0xff, 1], [0x08, 1, 2, 3], Array<number>(64).fill(0xf8)]
    for (const [i, body] of bodies.entries()) {
      await network.give(two, one.id, await signed(one, Uint8Array.from(body), 7000 + i))
      await network.advance(1001)
    }
    await network.advance(20_000)
    expect(warningsOf(two)).not.toContain('E_INTERNAL')
    const three = await network.join()
    await write(three, 'still')
    expect(heard(two)).toEqual(['first', 'mine', 'still'])
  })
})

describe('a message whose key has not come', () => {
  const three = async (): Promise<Node> => {
    const node = await network.join()
    await write(one, 'zero')
    await network.advance(3000)
    return node
  }
  /** One changes its key, and Two does not hear of it. */
  const withhold = async (leaver: Node): Promise<void> => {
    network.tamper = ({ from, to, bytes }) =>
      from === one.id && to === two.id && bytes[0] === ENVELOPE ? null : bytes
    network.disconnect(leaver, 'left')
    await network.advance(3000)
  }

  it('waits for it, in order, and is shown when it came', async () => {
    await withhold(await three())
    await write(one, 'one')
    await write(one, 'two')
    expect(heard(two)).toEqual(['zero'])
    network.tamper = ({ bytes }) => bytes
    await network.advance(5000)
    expect(heard(two)).toEqual(['zero', 'one', 'two'])
    expect(warningsOf(two)).not.toContain('E_NO_KEY')
    await write(one, 'three')
    expect(heard(two)).toEqual(['zero', 'one', 'two', 'three'])
  })

  it('is lost after ten seconds, and that is said', async () => {
    await withhold(await three())
    await write(one, 'one')
    await network.advance(8000)
    expect(warningsOf(two)).not.toContain('E_NO_KEY')
    await network.advance(3000)
    expect(warningsOf(two)).toContain('E_NO_KEY')
    network.tamper = ({ bytes }) => bytes
    await write(one, 'two')
    await network.advance(5000)
    expect(heard(two)).toEqual(['zero', 'two'])
  })

  it('takes no more room than 32 messages', async () => {
    await withhold(await three())
    for (let i = 0; i < 40; i++) {
      const sent = one.session.features.chat.send(String(i))
      await network.advance(100)
      await sent
    }
    expect(warningsOf(two)).toContain('E_NO_KEY')
    network.tamper = ({ bytes }) => bytes
    await network.advance(5000)
    expect(heard(two)).toHaveLength(33)
  })

  it('is forgotten with its author', async () => {
    await withhold(await three())
    await write(one, 'one')
    network.disconnect(one, 'left')
    await network.advance(20_000)
    expect(heard(two)).toEqual(['zero'])
    expect(warningsOf(two)).toContain('E_NO_KEY')
  })
})
