/** A TCS that changes, repeats and makes up the messages that make keys. Nobody false is let in; that is seen. */
import type { Page } from '@playwright/test'
import type { Guest } from './guest.ts'
import { alarmed, attack, calm, expect, Meeting, test } from './stage.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'

let meeting: Meeting
let ada: Page

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 3)
  ada = await meeting.enter(browser, ADA)
  await ada.getByRole('button', { name: 'People' }).click()
})

test.afterEach(async ({ hostile }) => {
  await hostile.truth()
  await calm(ada)
})

test.afterAll(async () => {
  await ada.context().close()
})

/** Somebody comes while the TCS lies to Ada about it, is refused by her with this code, and gets no key. */
async function refusedAtTheDoor(
  name: Parameters<typeof attack>[0],
  code: string,
  lie: () => Promise<void>,
): Promise<void> {
  let grace: Guest | undefined
  await lie()
  await attack(
    name,
    async () => (grace = await meeting.guest(GRACE)),
    () => alarmed(ada, code),
  )
  await expect(ada.getByLabel(`Video of ${GRACE}`)).toHaveCount(0)
  expect(grace?.keysHeld).toEqual([])
  await grace?.leave()
}

test('H1 the ephemeral key in a HELLO is swapped', async () => {
  await refusedAtTheDoor('ephemeral key swapped in a HELLO', 'E_HELLO_SIG', () =>
    meeting.lie('swap-ek', { victim: ADA, about: GRACE }),
  )
})

test('H2 the device key in a HELLO is swapped', async () => {
  await refusedAtTheDoor('device key swapped in a HELLO', 'E_JKT', () =>
    meeting.lie('swap-ik', { victim: ADA, about: GRACE }),
  )
})

test('H6 the suite in a HELLO is downgraded', async () => {
  await refusedAtTheDoor('suite downgraded in a HELLO', 'E_SUITE', () =>
    meeting.lie('downgrade', { victim: ADA, about: GRACE }),
  )
})

test('H5 bits are flipped in a HELLO', async () => {
  await refusedAtTheDoor('bits flipped in a HELLO', 'E_HELLO_SIG', () =>
    meeting.lie('flip-bits', { victim: ADA, about: GRACE, kind: 1 }),
  )
})

test('H10 a member is announced that does not exist', async () => {
  await attack(
    'a member announced that does not exist',
    () => meeting.lie('ghost', { victim: ADA }),
    () => ada.getByText('Identity not verified yet: neither seen nor heard').waitFor(),
  )
})
