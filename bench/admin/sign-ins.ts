/** Sign-ins and join tokens that one server gives in a second, and the CPU that each takes of it. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Browser } from '../../tmms/test/browser.ts'
import { Device } from '../../tmms/test/device.ts'
import { report } from '../report.ts'
import type { Ready } from './world.ts'

/** People at once, each of whom waits for an answer before asking again. */
const AT_ONCE = 8
const ROUNDS = 5
/** Of each round: what a network may ask for in a burst is not used up. */
const ASKED = 60

export async function benchSignIns(): Promise<void> {
  const child = fork(join(import.meta.dirname, 'world.ts'))
  const [ready] = (await once(child, 'message')) as [Ready]
  const { base, emails, meetingId } = ready
  const people = emails.map((email) => ({
    email,
    browser: new Browser(base),
    device: new Device(),
  }))
  await measure(child, 'sign-ins', async (index) => {
    const { browser, email } = people[index % people.length]!
    return (await browser.signIn(email)).status
  })
  await measure(child, 'join tokens', async (index) => {
    const { browser, device } = people[index % people.length]!
    return (await device.join(browser, meetingId, Date.now())).status
  })
  child.disconnect()
  await once(child, 'exit')
}

/** @param ask does it once and answers the status */
async function measure(
  child: ChildProcess,
  name: string,
  ask: (index: number) => Promise<number>,
): Promise<void> {
  const rates: number[] = []
  const cpus: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [cpuUs, began] = [await cpuOf(child), performance.now()]
    let next = 0
    const one = async (): Promise<void> => {
      while (next < ASKED) {
        const status = await ask(next++)
        if (status !== 200) throw new Error(`${name}: answered with ${status}`)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
    rates.push((ASKED / (performance.now() - began)) * 1000)
    cpus.push(((await cpuOf(child)) - cpuUs) / 1000 / ASKED)
  }
  report({ name, metric: 'given', unit: 'per second', better: 'high', samples: rates })
  report({ name, metric: 'CPU of each', unit: 'ms', better: 'low', samples: cpus })
}

/** Microseconds. */
async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  const [us] = (await answer) as [number]
  return us
}
