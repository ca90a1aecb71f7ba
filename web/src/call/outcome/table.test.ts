import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { m } from '../../paraglide/messages.js'
import { overwriteGetLocale } from '../../paraglide/runtime.js'
import type { CallCode } from './codes.ts'
import type { WayOn } from './outcome.ts'
import { callCodes as codes, endsReconnecting, isE2eeCode, isFinal, outcomeOf } from './table.ts'
import { wordEnd } from './wording.ts'

/** Every code that can end a call, decided anew here: the compiler asks for those that are missing. */
const decided = {
  refused: 'rejoin',
  'token-in-use': 'rejoin',
  'too-slow': 'rejoin',
  'too-many-messages': 'rejoin',
  'bad-request': 'reload',
  'not-found': 'none',
  'not-allowed': 'none',
  replaced: 'rejoin',
  removed: 'none',
  uninvited: 'none',
  suspended: 'none',
  'meeting-ended': 'none',
  'rights-changed': 'rejoin',
  'room-full': 'rejoin',
  'too-many-devices': 'rejoin',
  'shutting-down': 'rejoin',
  'media-unavailable': 'rejoin',
  internal: 'rejoin',
  E_VERSION: 'reload',
  E_SUITE: 'reload',
  E_LEN: 'reload',
  E_SHORT: 'reload',
  E_TRAILING: 'reload',
  E_TOKEN_FORMAT: 'none',
  E_TOKEN_TYPE: 'none',
  E_TOKEN_SIG: 'none',
  E_TOKEN_KEY: 'none',
  E_TOKEN_AUD: 'none',
  E_TOKEN_MEETING: 'reload',
  E_TOKEN_TIME: 'rejoin',
  E_JKT: 'none',
  E_HELLO_SIG: 'rejoin',
  E_EK_REUSE: 'rejoin',
  E_EPOCH: 'rejoin',
  E_PIN: 'none',
  E_KEY_SET_OLD: 'rejoin',
  E_PSK: 'none',
  E_ENV_AUTH: 'rejoin',
  E_ENV_REPLAY: 'rejoin',
  E_ENV_GAP: 'rejoin',
  E_KEY_ROLLBACK: 'rejoin',
  E_NO_KEY: 'rejoin',
  E_FRAME_AUTH: 'rejoin',
  E_FRAME_REPLAY: 'rejoin',
  E_STREAM: 'rejoin',
  E_POLICY: 'rejoin',
  restricted: 'none',
  E_ROSTER: 'rejoin',
  E_SAS: 'rejoin',
  E_TCS: 'none',
  E_IK_CHANGED: 'rejoin',
  E_VOUCH: 'rejoin',
  E_CTR: 'rejoin',
  E_CODEC: 'rejoin',
  E_STATE: 'rejoin',
  E_KDF: 'rejoin',
  E_INTERNAL: 'rejoin',
  'unsupported-browser': 'none',
  timeout: 'rejoin',
  disconnected: 'rejoin',
  'cannot-encrypt': 'rejoin',
  'clear-media': 'rejoin',
  'codec-missing': 'rejoin',
  unknown: 'rejoin',
  'signed-out': 'reload',
  'other-account': 'reload',
  'meeting-not-open': 'rejoin',
  'bad-proof': 'reload',
  'use-dpop-nonce': 'rejoin',
  'too-many-tries': 'rejoin',
  'wrong-origin': 'none',
  'too-large': 'reload',
  offline: 'rejoin',
  intercepted: 'rejoin',
  unavailable: 'rejoin',
  locked: 'rejoin',
  unlocked: 'rejoin',
  'kept-out-locked': 'rejoin',
  'kept-out-removed': 'rejoin',
  'not-excluded': 'rejoin',
} satisfies Record<CallCode, WayOn>

it.each(['offline', 'intercepted', 'use-dpop-nonce'])(
  'I11 %s is trouble of the network: it accuses nobody and passes',
  (code) => {
    expect(isFinal(code)).toBe(false)
    expect(outcomeOf(code)).toMatchObject({ wayOn: 'rejoin' })
    expect(outcomeOf(code).distrust).toBeUndefined()
  },
)

it.each(codes)('the way on from %s is the one decided', (code) => {
  expect(outcomeOf(code).wayOn).toBe(decided[code])
})

it('what no further attempt can mend is not offered to be tried again, except where things change', () => {
  // Where the door is shut, the screens around the call offer what there is.
  const offered = codes.filter(
    (code) => isFinal(code) && outcomeOf(code).wayOn === 'rejoin' && !outcomeOf(code).atTheDoor,
  )
  expect(offered.sort()).toEqual([
    'E_INTERNAL',
    'E_KEY_SET_OLD',
    'refused',
    'replaced',
    'room-full',
    'too-many-devices',
  ])
})

it('nobody is led back to a server that is not the one they know', () => {
  const distrusted = codes.filter((code) => outcomeOf(code).distrust !== undefined)
  expect(distrusted.length).toBeGreaterThan(5)
  for (const code of distrusted.filter((one) => one !== 'E_KEY_SET_OLD'))
    expect(outcomeOf(code).wayOn, code).toBe('none')
})

it('I8 a server whose clock was set back is not let in, accused of nothing, and may be tried again', () => {
  const { during, wayOn, distrust } = outcomeOf('E_KEY_SET_OLD')
  expect(endsReconnecting('E_KEY_SET_OLD')).toBe(true)
  expect({ wayOn, distrust, alarm: during?.alarm }).toEqual({ wayOn: 'rejoin', distrust: 'old' })
  for (const said of [wordEnd('E_KEY_SET_OLD'), m.untrusted_old_title(), m.untrusted_old_text()]) {
    expect(said).toMatch(/older/)
    expect(said).not.toMatch(/stolen|somebody|between you|false|genuine/i)
  }
})

it('a code of a newer server is said and may be tried again', () => {
  for (const code of ['constructor', 'some-new-code']) {
    expect(outcomeOf(code).wayOn).toBe('rejoin')
    expect(wordEnd(code)).toContain(`(${code})`)
  }
})

it.each([
  ['E_TCS', 'tcs'],
  ['E_PIN', 'pin'],
  ['E_KEY_SET_OLD', 'old'],
  ['E_TOKEN_SIG', 'token'],
  ['E_TOKEN_KEY', 'token'],
  ['E_TOKEN_AUD', 'token'],
] as const)('%s says who the server is not, and is not asked again by itself', (code, distrust) => {
  expect(outcomeOf(code).distrust).toBe(distrust)
  expect(isFinal(code)).toBe(true)
  expect(endsReconnecting(code)).toBe(true)
})

it.each(['E_PSK', 'refused', 'disconnected', 'constructor'])('%s does not', (code) => {
  expect(outcomeOf(code).distrust).toBeUndefined()
})

it('somebody kept out is worth a banner, one lost frame is not', () => {
  expect(outcomeOf('E_HELLO_SIG').during?.place).toBe('banner')
  expect(outcomeOf('E_FRAME_REPLAY').during?.place).toBe('list')
  expect(outcomeOf('E_IK_CHANGED').during?.place).toBe('list')
})

it('what is no code of the encryption is none', () => {
  expect(isE2eeCode('E_PIN')).toBe(true)
  expect(isE2eeCode('timeout')).toBe(false)
  expect(isE2eeCode('constructor')).toBe(false)
})

const asked = {
  en: { rejoin: /(join again|rejoin)/i, reload: /reload the page/i },
  fr: { rejoin: /(réessayez|rejoignez)/i, reload: /rechargez la page/i },
}

describe.each(['en', 'fr'] as const)('the sentences in %s', (language) => {
  beforeAll(() => overwriteGetLocale(() => language))
  afterAll(() => overwriteGetLocale(() => 'en'))

  it.each(codes)('%s asks for what is offered beside it, and says what to do', (code) => {
    const sentence = wordEnd(code)
    const { rejoin, reload } = asked[language]
    // What must not be done is said as well.
    const orders = sentence.replace(/(Do not join|Ne rejoignez pas)/, '')
    expect(sentence.length).toBeGreaterThan(40)
    expect(reload.test(orders)).toBe(outcomeOf(code).wayOn === 'reload')
    if (outcomeOf(code).wayOn === 'rejoin') expect(orders).toMatch(rejoin)
    if (outcomeOf(code).wayOn === 'none') expect(orders).not.toMatch(rejoin)
    if (isE2eeCode(code)) expect(sentence).toContain(`(${code})`)
  })
})
