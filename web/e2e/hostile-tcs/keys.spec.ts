/** A TCS that changes, repeats and makes up the messages that make keys. Nobody false is let in; that is seen. */
import type { Page } from '@playwright/test'
import type { Guest } from './guest.ts'
import type { Attack } from './attacks.ts'
import { alarmed, attack, calm, expect, listsAnother, Meeting, ONCE, test } from './stage.ts'
import { wording } from './wording.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

let meeting: Meeting
let ada: Page

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 3)
  ada = await meeting.enter(browser, ADA)
  await ada.getByRole('button', { name: wording('call_security') }).click()
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
  name: Attack,
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
  await expect(tile(GRACE)).toHaveCount(0)
  expect(grace?.keysHeld).toEqual([])
  await grace?.leave()
}

test('H1 the ephemeral key in a HELLO is swapped', ONCE, async () => {
  await refusedAtTheDoor('ephemeral key swapped in a HELLO', 'E_HELLO_SIG', () =>
    meeting.lie('swap-ek', { victim: ADA, about: GRACE }),
  )
})

test('H2 the device key in a HELLO is swapped', ONCE, async () => {
  await refusedAtTheDoor('device key swapped in a HELLO', 'E_JKT', () =>
    meeting.lie('swap-ik', { victim: ADA, about: GRACE }),
  )
})

test('H6 the suite in a HELLO is downgraded', ONCE, async () => {
  await refusedAtTheDoor('suite downgraded in a HELLO', 'E_SUITE', () =>
    meeting.lie('downgrade', { victim: ADA, about: GRACE }),
  )
})

test('H5 bits are flipped in a HELLO', ONCE, async () => {
  await refusedAtTheDoor('bits flipped in a HELLO', 'E_HELLO_SIG', () =>
    meeting.lie('flip-bits', { victim: ADA, about: GRACE, kind: 1 }),
  )
})

test('H4 the HELLO of one who left is replayed', ONCE, async () => {
  const grace = await meeting.guest(GRACE)
  await tile(GRACE).waitFor()
  await grace.leave()
  await expect(tile(GRACE)).toHaveCount(0)
  await attack(
    'HELLO of one who left, replayed',
    () => meeting.lie('resurrect', { victim: ADA, about: GRACE }),
    () => ada.getByLabel(wording('call_tile_connecting')).first().waitFor(),
  )
  // What comes after it is taken in order: whoever is shown now shows that the replay was not.
  const hedy = await meeting.guest(HEDY)
  await tile(HEDY).waitFor()
  await expect(tile(GRACE)).toHaveCount(0)
  await hedy.leave()
})

test('H13 the HELLO of one member comes under the name of another', ONCE, async () => {
  const hedy = await meeting.guest(HEDY)
  await tile(HEDY).waitFor()
  await refusedAtTheDoor('HELLO of one member under the name of another', 'E_HELLO_SIG', () =>
    meeting.lie('restamp', { victim: ADA, about: GRACE, as: HEDY, kind: 1 }),
  )
  await hedy.leave()
})

/** Somebody whose key messages the TCS tampers with; what is refused is listed, and only that is lost. */
async function refusedOnTheWay(
  name: Attack,
  code: string,
  lie: () => Promise<void>,
): Promise<Guest> {
  const grace = await meeting.guest(GRACE)
  const listed = await listsAnother(ada, code)
  await attack(
    name,
    async () => {
      await lie()
      await grace.publish()
    },
    listed,
  )
  return grace
}

test('H5 bits are flipped in key messages', ONCE, async () => {
  const grace = await refusedOnTheWay('bits flipped in key messages', 'E_ENV_AUTH', () =>
    meeting.lie('flip-bits', { victim: ADA, about: GRACE, kind: 2 }),
  )
  await grace.leave()
})

test('H5 key messages come twice', ONCE, async () => {
  const grace = await refusedOnTheWay('key messages repeated', 'E_ENV_REPLAY', () =>
    meeting.lie('duplicate', { victim: ADA, about: GRACE, kind: 2 }),
  )
  await grace.leave()
})

test('H5 key messages come out of order', ONCE, async () => {
  await meeting.lie('reorder', { victim: ADA, about: GRACE, kind: 2 })
  let grace: Guest | undefined
  const listed = await listsAnother(ada, 'E_ENV_GAP')
  await attack(
    'key messages out of order',
    async () => {
      grace = await meeting.guest(GRACE)
      await grace.publish()
    },
    listed,
  )
  // It is repaired by asking again.
  await tile(GRACE).waitFor()
  await grace?.leave()
})

test('K6 old sender keys are played again', ONCE, async () => {
  const grace = await meeting.guest(GRACE)
  await grace.publish()
  const listed = await listsAnother(ada, 'E_ENV_REPLAY')
  await attack(
    'old sender keys played again',
    () => meeting.lie('replay', { victim: ADA, about: GRACE, kind: 2 }),
    listed,
  )
  await grace.leave()
})

test('H7 her own messages are reflected', ONCE, async () => {
  const grace = await meeting.guest(GRACE)
  await tile(GRACE).waitFor()
  await attack(
    'own messages reflected',
    () => meeting.lie('reflect', { victim: ADA }),
    () => alarmed(ada, 'E_JKT'),
  )
  await expect(tile(ADA)).toHaveCount(0)
  await grace.leave()
})

test('H10 a member is announced that does not exist', ONCE, async () => {
  await attack(
    'a member announced that does not exist',
    () => meeting.lie('ghost', { victim: ADA }),
    () => ada.getByLabel(wording('call_tile_connecting')).first().waitFor(),
  )
})

function tile(name: string) {
  return ada.getByLabel(wording('call_tile', { name }))
}
