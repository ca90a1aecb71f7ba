import { expect, test } from 'vitest'
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'
import { goingOn } from './going-on.ts'

const ended = (): ApiFailure => new ApiFailure('signed-out')

test.each([
  ended(),
  new ApiFailure('other-account'),
  new FormFailures([new ApiFailure('account-exists'), ended()]),
])('work that a session was too old for is done after signing in again', async (failure) => {
  let signedIn = false
  const tries: boolean[] = []
  const work = (): Promise<void> => {
    tries.push(signedIn)
    return signedIn ? Promise.resolve() : Promise.reject(failure)
  }
  await goingOn(work, () => Promise.resolve((signedIn = true)))
  expect(tries).toEqual([false, true])
})

test('whoever does not sign in again is told', async () => {
  const work = (): Promise<void> => Promise.reject(ended())
  for (const again of [() => Promise.resolve(false), null]) {
    await expect(goingOn(work, again)).rejects.toMatchObject({ code: 'signed-out' })
  }
})

test('other failures ask nobody to sign in', async () => {
  const again = (): Promise<boolean> => Promise.reject(new ApiFailure('internal'))
  const work = (): Promise<void> => Promise.reject(new ApiFailure('offline'))
  await expect(goingOn(work, again)).rejects.toMatchObject({ code: 'offline' })
})
