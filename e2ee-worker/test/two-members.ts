/** How most tests of a session begin, and what they ask of the members in it. */
import { Network, membersOf, type Node } from './network.ts'

/** The first byte of each kind of end-to-end message. */
export const HELLO = 1
export const ENVELOPE = 2
export const BROADCAST = 3

/** Two members who know each other, so many of whom send sound and pictures. */
export async function twoMembers(
  publishing: 0 | 1 | 2,
): Promise<{ network: Network; one: Node; two: Node }> {
  const network = await Network.open()
  const one = await network.join()
  const two = await network.join()
  for (const node of [one, two].slice(0, publishing)) await network.publish(node)
  return { network, one, two }
}

/** Whom this member lists, in the order of their ids. */
export function memberIdsOf(node: Node): string[] {
  return membersOf(node)
    .map(({ memberId }) => memberId)
    .sort()
}

/** Generation and step that this member sends under. */
export function sendKeyOf({ session }: Node): string {
  const chain = session.sender.current
  return chain ? `${chain.gen}.${chain.step}` : 'none'
}
