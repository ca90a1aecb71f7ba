/** What the specs share: a server that lies on command, the victim's page, and how an attack is reported. */
import { expect, type Browser, type Page } from '@playwright/test'
import { join } from '../meeting.ts'
import { HuisclosServer, type Person } from '../server.ts'
import { admin, meetingOf, pageOf } from '../people.ts'
import { test as product } from '../setup.ts'
import { ATTACKS, type Attack } from './attacks.ts'
import type { CommandMessage, CommandName, Commands } from './commands.ts'
import type { Lies, Replies, ReplyMessage } from './commands.ts'
import { Guest } from './guest.ts'
import { GOT_THROUGH, type Report } from './report.ts'
import { wording } from './wording.ts'

export { expect } from '@playwright/test'
export { ONCE } from '../setup.ts'

interface WorkerFixtures {
  hostile: Hostile
}

export const test = product.extend<object, WorkerFixtures>({
  hostile: [
    // Playwright reads a fixture's needs from this pattern, so it must be one, even if empty.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const script = 'web/e2e/hostile-tcs/hostile-server.ts'
      const hostile = new Hostile(await HuisclosServer.start({ script }))
      // Made once, before specs that open several meetings at a time.
      await admin(hostile.server)
      await use(hostile)
      await hostile.server.end()
    },
    { scope: 'worker' },
  ],
})

/** The server whose TCS lies. */
export class Hostile {
  readonly server: HuisclosServer
  #commands = 0

  constructor(server: HuisclosServer) {
    this.server = server
    server.process.setMaxListeners(50)
  }

  /** Resolves once the lie is being told, or the deed is done. */
  async lie<L extends keyof Lies>(lie: L, args: Lies[L]): Promise<void> {
    await this.#command('lie', { lie, args } as Commands['lie'])
  }

  async truth(): Promise<void> {
    await this.#command('truth', {})
  }

  async asked(args: Commands['asked']): Promise<readonly string[]> {
    return this.#command('asked', args)
  }

  async listen(args: Commands['listen']): Promise<Buffer[]> {
    const packets = await this.#command('listen', args)
    return packets.map((packet) => Buffer.from(packet, 'base64'))
  }

  #command<C extends CommandName>(command: C, args: Commands[C]): Promise<Replies[C]> {
    const { process } = this.server
    const id = this.#commands++
    return new Promise((resolve, reject) => {
      const answered = (message: ReplyMessage): void => {
        if (message.id !== id) return
        process.off('message', answered)
        if (message.ok) resolve(message.reply as Replies[C])
        else reject(new Error(`${command}: ${message.error}`))
      }
      process.on('message', answered)
      process.send({ id, command, args } satisfies CommandMessage)
    })
  }
}

/** A meeting at the hostile server. */
export class Meeting {
  readonly hostile: Hostile
  readonly link: string
  readonly mid: string
  readonly people: readonly Person[]

  private constructor(hostile: Hostile, made: { link: string; id: string; people: Person[] }) {
    this.hostile = hostile
    this.link = made.link
    this.mid = made.id
    this.people = made.people
  }

  static async open(hostile: Hostile, size: number): Promise<Meeting> {
    return new Meeting(hostile, await meetingOf(hostile.server, size))
  }

  /** A page of this person, in the call. */
  async enter(browser: Browser, name: string): Promise<Page> {
    const page = await this.page(browser, name)
    await this.enterIn(page)
    return page
  }

  enterIn(page: Page): Promise<void> {
    return join(page, this.link)
  }

  /** A page of this person, signed in and nowhere yet. */
  async page(browser: Browser, name: string): Promise<Page> {
    return (await pageOf(browser, this.#person(name))).page
  }

  /** Without camera and microphone: for pages that only look on. */
  async enterSilently(
    browser: Browser,
    name: string,
    before: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Page> {
    const page = await this.page(browser, name)
    await before(page)
    await page.goto(this.link)
    for (const key of ['call_camera_turn_off', 'call_mute'])
      await page.getByRole('button', { name: wording(key) }).click()
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.getByRole('button', { name: 'Leave' }).waitFor()
    return page
  }

  guest(name: string): Promise<Guest> {
    return Guest.join(this.hostile.server, this.#person(name), this.link)
  }

  lie<L extends keyof Lies>(lie: L, args: Omit<Lies[L], 'mid'>): Promise<void> {
    return this.hostile.lie(lie, { mid: this.mid, ...args } as unknown as Lies[L])
  }

  #person(name: string): Person {
    const person = this.people.find((one) => one.name === name)
    if (person === undefined) throw new Error(`${name} is not invited`)
    return person
  }
}

/**
 * Does it, and waits until the person sees what came of it. How long that took is in the report; so is a failure.
 */
export async function attack(
  name: Attack,
  deed: () => Promise<unknown>,
  seen: () => Promise<unknown>,
): Promise<void> {
  const { annotations } = product.info()
  const since = Date.now()
  const report = (outcome: string): void => {
    const description = JSON.stringify({ name, outcome, ms: Date.now() - since } satisfies Report)
    annotations.push({ type: 'attack', description })
  }
  try {
    await deed()
    await seen()
    report(ATTACKS[name])
  } catch (error) {
    report(GOT_THROUGH)
    throw error
  }
}

/** An alarm that names this code is shown. */
export async function alarmed(
  page: Page,
  code: string,
  patience: { timeout?: number } = {},
): Promise<void> {
  await page.getByRole('alert').getByText(code).first().waitFor(patience)
}

/** @returns what waits until the open security panel lists one refusal of this code more than now. */
export async function listsAnother(page: Page, code: string): Promise<() => Promise<void>> {
  const panel = page.getByRole('complementary', { name: wording('call_security') })
  const lines = panel.getByRole('listitem').filter({ hasText: code })
  const before = await lines.count()
  return () => lines.nth(before).waitFor()
}

/** Dismisses every notice. */
export async function calm(page: Page): Promise<void> {
  const dismiss = page.getByRole('alert').getByRole('button', { name: wording('call_dismiss') })
  while ((await dismiss.count()) > 0) await dismiss.first().click()
  await expect(page.getByRole('alert').filter({ hasText: /E_[A-Z]/ })).toHaveCount(0)
}
