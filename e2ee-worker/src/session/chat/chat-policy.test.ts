/** Messages that the policy forbids: R3 by the tokens of sender and receiver, whatever pages and TCS do. */
import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, warningsOf, type Network, type Node } from '../../../test/network.ts'
import { MSID, START_S } from '../../../test/tmms.ts'
import { BROADCAST, twoMembers } from '../../../test/two-members.ts'
import { codeOf } from '../../errors.ts'
import { DATA } from '../../keys/frame-metadata.ts'
import { decodeBroadcast, signBroadcast } from '../../messages/broadcast.ts'
import { encodeChat } from '../../messages/chat-text.ts'
import { encodeStatement } from '../../messages/statements.ts'
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

/** A message made by hand leaves out numbers, which is warned of as well. */
const policyWarnings = (node: Node): string[] =>
  warningsOf(node).filter((code) => code !== 'E_ENV_GAP')
const heard = (node: Node): string[] =>
  node.events.flatMap((event) => (event.type === 'chat' ? [event.text] : []))
const sentBy = (node: Node) =>
  network.record.filter(
    ({ from, bytes }) =>
      from === node.id && bytes[0] === BROADCAST && decodeBroadcast(bytes).type === CHAT,
  )

/** Behind its own worker's back: what a changed page can have its device seal and sign. */
async function forced(from: Node, text: string): Promise<void> {
  await network.publish(from, [AUDIO])
  const said = encodeChat({ text, timeMs: START_S * 1000 })
  const sealed = await from.session.sender.seal(DATA, new Uint8Array(0), said.buffer)
  const statement = encodeStatement({ type: 'chat', sealed })
  const message = { from: from.id as MemberId, seq: 5000, ...statement }
  const bytes = await signBroadcast(message, MSID, from.identity)
  for (const node of network.nodes) if (node !== from) node.session.receive(from.id, bytes)
  await network.advance(1000)
}

describe('messages that the administrator switched off', () => {
  const off = { pol: { messages: false, participants: 1000 } }

  it.each([
    ['says so', off],
    ['says nothing of it', { pol: {} }],
    ['has no policy', { pol: undefined }],
  ])('are not sent by somebody whose token %s', async (_, claims) => {
    const three = await network.join({ claims })
    expect(three.reply.policy.messages).toBe(false)
    expect(await write(three, 'x')).toBe('E_POLICY')
    expect(sentBy(three)).toEqual([])
  })

  it('R3 are dropped and named by every receiver, whatever page and TCS of the sender do', async () => {
    const three = await network.join({ claims: off })
    await forced(three, 'smuggled')
    for (const node of [one, two]) {
      expect(heard(node)).toEqual([])
      expect(policyWarnings(node)).toEqual(['E_POLICY'])
    }
  })

  it('R3 are not read by somebody whose own token forbids them, though the others may write', async () => {
    const three = await network.join({ claims: off })
    expect(await write(one, 'for two')).toBe('sent')
    expect(heard(two)).toEqual(['for two'])
    expect(heard(three)).toEqual([])
    expect(policyWarnings(three)).toEqual(['E_POLICY'])
  })

  it('end and begin with the next token, in both directions', async () => {
    await network.renew(one, off)
    await network.settle()
    expect(one.events).toContainEqual({
      type: 'policy',
      policy: { messages: false, participants: 1000, mark: null },
    })
    expect(await write(one, 'x')).toBe('E_POLICY')
    expect(await write(two, 'not for one')).toBe('sent')
    expect(heard(one)).toEqual([])
    await network.renew(one, { pol: { messages: true, participants: 1000 } })
    await network.settle()
    expect(await write(one, 'again')).toBe('sent')
    expect(heard(two)).toContain('again')
  })
})
