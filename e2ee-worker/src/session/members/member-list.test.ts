/** The list for the page: at once among few, and not a hundred times among many. */
import { expect, it } from 'vitest'
import { AUDIO, Network, membersOf, type Relayed } from '../../../test/network.ts'

async function meeting(size: number) {
  const network = await Network.open(1)
  const nodes = []
  for (let i = 0; i < size; i++) nodes.push(await network.join())
  const speaker = nodes[0]!
  await network.publish(speaker, [AUDIO])
  await network.advance(1000)
  return { network, speaker, leaver: nodes.at(-1)! }
}

const lists = ({ events }: { events: readonly { type: string }[] }) =>
  events.filter(({ type }) => type === 'members').length

it('late acknowledgements of a large meeting are shown together, and none is forgotten', async () => {
  const { network, speaker, leaver } = await meeting(26)
  network.disconnect(leaver, 'left')
  const acknowledgements: Relayed[] = []
  network.tamper = (message) => {
    if (message.to !== speaker.id) return message.bytes
    acknowledgements.push(message)
    return null
  }
  await network.advance(1700)
  network.tamper = ({ bytes }) => bytes
  expect(speaker.session.sender.current?.gen).toBe(1)
  expect(membersOf(speaker).some(({ canDecrypt }) => canDecrypt)).toBe(false)
  const before = lists(speaker)
  for (const { from, to, bytes } of acknowledgements) {
    network.send(from, to, bytes)
    await network.settle()
  }
  await network.advance(200)
  expect(lists(speaker) - before).toBeLessThan(5)
  expect(membersOf(speaker)).toHaveLength(24)
  expect(membersOf(speaker).every(({ canDecrypt }) => canDecrypt)).toBe(true)
})

it('in a small meeting every change is shown at once', async () => {
  const { network, speaker, leaver } = await meeting(4)
  network.disconnect(leaver, 'left')
  await network.settle()
  expect(membersOf(speaker)).toHaveLength(2)
})
