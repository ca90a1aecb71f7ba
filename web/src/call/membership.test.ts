import { expect, it, vi } from 'vitest'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import { Membership } from './membership.ts'
import type { MeetingServer } from './meeting-server.ts'
import { CallError } from './outcome/errors.ts'
import type { CallCode } from './outcome/codes.ts'

const MINUTE_MS = 60_000

/** A person in the device check, with a clock that tests turn. */
function person() {
  const clock = { monotonic: 0, wall: 1_700_000_000_000 }
  const pass = (ms: number): void => {
    clock.monotonic += ms
    clock.wall += ms
  }
  let grants = 0
  let keySetTakesMs = 0
  let refusal: CallCode | null = null
  const server = {
    origin: 'https://meet.example',
    fetchGrant: async (prove: Parameters<MeetingServer['fetchGrant']>[0]) => {
      await prove({ method: 'POST', url: 'https://meet.example/join' })
      if (refusal !== null) throw new CallError(refusal)
      return {
        token: `token-${++grants}`,
        tcsOrigin: 'https://tcs.example',
        endsInMs: 10 * MINUTE_MS,
      }
    },
    fetchKeySet: () => {
      pass(keySetTakesMs)
      return Promise.resolve('keys')
    },
    exclude: () => Promise.resolve(),
  }
  const failing = new Map<string, CallCode>()
  const call = vi.fn<(type: string, request: unknown) => Promise<unknown>>((type) => {
    const code = failing.get(type)
    failing.delete(type)
    if (code !== undefined) return Promise.reject(new CallError(code))
    return Promise.resolve(type === 'start' ? { sub: 'ada' } : { proof: 'p' })
  })
  const started = vi.fn()
  const renewed = vi.fn<(token: string) => void>()
  const membership = new Membership({
    e2ee: { call } as unknown as Pick<E2eeClient, 'call'>,
    ...{ server, mid: 'm', pin: null, linkSecret: null },
    clock: { monotonic: () => clock.monotonic, wall: () => clock.wall },
    onStarted: started,
    onRenewed: renewed,
  })
  const tokens = (type: 'start' | 'new-token'): unknown[] =>
    call.mock.calls.flatMap(([one, request]) =>
      one === type ? [(request as { token: string }).token] : [],
    )
  const ready = async (): Promise<void> => {
    await membership.ask()
    await membership.start()
  }
  return {
    ...{ membership, clock, pass, tokens, started, renewed, call, ready },
    fail: (type: string, code: CallCode) => failing.set(type, code),
    refuse: (code: CallCode | null) => (refusal = code),
    slowKeySet: (ms: number) => (keySetTakesMs = ms),
  }
}

it('I9 two minutes in the device check: the keys are of the beginning, token and clock of the click', async () => {
  const ada = person()
  await ada.ready()
  ada.pass(2 * MINUTE_MS)
  await ada.membership.refresh()
  expect(ada.tokens('start')).toEqual(['token-1'])
  expect(ada.tokens('new-token')).toEqual(['token-2'])
})

it('I9 keys that are long in coming do not put the clock back: the token is handed over with its age', async () => {
  const ada = person()
  ada.slowKeySet(70_000)
  await ada.ready()
  const start = ada.call.mock.calls.find(([type]) => type === 'start')
  expect(start?.[1]).toMatchObject({ token: 'token-1', tokenAgeMs: 70_000 })
})

it('who clicks at once asks only once', async () => {
  const ada = person()
  await ada.ready()
  ada.pass(2_000)
  await ada.membership.refresh()
  expect(ada.tokens('new-token')).toEqual([])
})

it('E8 the TCS is given every token that the worker took, and no other', async () => {
  const ada = person()
  await ada.ready()
  expect(ada.renewed).not.toHaveBeenCalled()
  await ada.membership.renew()
  ada.fail('new-token', 'E_TOKEN_TIME')
  await expect(ada.membership.renew()).rejects.toThrow()
  expect(ada.renewed.mock.calls).toEqual([['token-2']])
})

it('I6 where the server signs with a new key, its key set is fetched anew and held against the pin', async () => {
  const ada = person()
  await ada.ready()
  ada.fail('new-token', 'E_TOKEN_KEY')
  await ada.membership.renew()
  expect(ada.call.mock.lastCall).toMatchObject(['new-token', { token: 'token-2', keySet: 'keys' }])
  expect(ada.renewed.mock.calls).toEqual([['token-2']])
})

it('I5 a laptop that slept in the device check takes a new token, though its clock stood still', async () => {
  const ada = person()
  await ada.ready()
  ada.clock.wall += 60 * MINUTE_MS
  await ada.membership.refresh()
  expect(ada.tokens('new-token')).toEqual(['token-2'])
})

it('the token at hand serves while it is young and the TMMS does not answer', async () => {
  const ada = person()
  await ada.ready()
  ada.pass(2 * MINUTE_MS)
  ada.refuse('offline')
  await expect(ada.membership.refresh()).resolves.toBeUndefined()
  ada.pass(10 * MINUTE_MS)
  await expect(ada.membership.refresh()).rejects.toMatchObject({ code: 'offline' })
})

it('whom the TMMS does not let in any more does not enter on the token at hand', async () => {
  const ada = person()
  await ada.ready()
  ada.pass(MINUTE_MS)
  ada.refuse('not-found')
  await expect(ada.membership.refresh()).rejects.toMatchObject({ code: 'not-found' })
})

it('keys are made anew where the server knows another session, and not under another account', async () => {
  const ada = person()
  await ada.ready()
  ada.fail('new-token', 'E_TOKEN_MEETING')
  await ada.membership.comeBack()
  expect(ada.tokens('start')).toEqual(['token-1', 'token-2'])
  expect(ada.started).toHaveBeenCalledTimes(2)

  ada.call.mockImplementation((type) => {
    if (type === 'new-token') return Promise.reject(new CallError('E_TOKEN_MEETING'))
    return Promise.resolve(type === 'start' ? { sub: 'somebody else' } : { proof: 'p' })
  })
  await expect(ada.membership.comeBack()).rejects.toMatchObject({ code: 'E_TOKEN_MEETING' })
})

it('an impostor cannot refuse in the name of the server', async () => {
  const ada = person()
  ada.refuse('signed-out')
  ada.fail('check-server', 'E_PIN')
  await expect(ada.membership.ask()).rejects.toMatchObject({ code: 'E_PIN' })
})

it('I10 the planned end is told by the server’s clock, whatever this computer’s says', async () => {
  const ada = person()
  expect(ada.membership.endsInMs).toBeNull()
  await ada.ready()
  ada.clock.wall -= 180 * MINUTE_MS
  ada.clock.monotonic += 12 * MINUTE_MS
  expect(ada.membership.endsInMs).toBe(-2 * MINUTE_MS)
})
