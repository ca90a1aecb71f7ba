import { expect, it, vi } from 'vitest'
import { Attendance, type CutCode, type Line } from './attendance.ts'
import type { CallCode } from './outcome/codes.ts'
import { CallError } from './outcome/errors.ts'

/** A person on the way in, and everything that happened in its order. */
function person() {
  const said: string[] = []
  const note =
    (what: string) =>
    (...more: unknown[]): Promise<void> => {
      said.push([what, ...more].join(' '))
      return Promise.resolve()
    }
  const failures: (CallCode | null)[] = []
  let cut: (code: CutCode) => void = () => undefined
  const open = (onCut: (code: CutCode) => void): Promise<Line> => {
    said.push('connect')
    cut = onCut
    const enter = async (fresh: Promise<void>): Promise<void> => {
      said.push('enter')
      await fresh
      const failure = failures.shift() ?? null
      if (failure !== null) throw new CallError(failure)
    }
    return Promise.resolve({ enter, close: note('close'), leave: note('leave') } as unknown as Line)
  }
  const failed = vi.fn()
  const attendance = new Attendance({
    membership: {
      ask: note('ask'),
      start: note('start'),
      refresh: note('refresh'),
      comeBack: note('come back'),
    },
    open,
    onStep: () => undefined,
    onJoined: () => said.push('joined'),
    onLost: () => said.push('lost'),
    onFailed: failed,
  })
  return { attendance, said, failures, failed, cut: (code: CutCode) => cut(code) }
}

it('keys and connection are ready before the click; token and clock are of the click', async () => {
  const { attendance, said } = person()
  await attendance.prepare()
  expect(said.splice(0)).toEqual(['ask', 'start', 'connect'])
  await attendance.enter()
  expect(said).toEqual(['refresh', 'enter', 'joined'])
})

it('a click while things are being prepared waits for them', async () => {
  const { attendance, said } = person()
  void attendance.prepare()
  await attendance.enter()
  expect(said).toEqual(['ask', 'start', 'connect', 'refresh', 'enter', 'joined'])
})

it('a connection that was lost in the device check is said to nobody, and made anew at the click', async () => {
  const { attendance, said, cut, failed } = person()
  await attendance.prepare()
  cut('disconnected')
  expect(failed).not.toHaveBeenCalled()
  said.length = 0
  await attendance.enter()
  expect(said).toEqual(['come back', 'connect', 'refresh', 'enter', 'joined'])
})

it('a connection that died unnoticed costs one more try', async () => {
  const { attendance, said, failures } = person()
  await attendance.prepare()
  said.length = 0
  failures.push('timeout')
  await attendance.enter()
  expect(said).toEqual([
    'refresh',
    'enter',
    'close',
    'come back',
    'connect',
    'refresh',
    'enter',
    'joined',
  ])
})

it('a refusal that no try can mend is not tried again', async () => {
  const { attendance, failures, said } = person()
  await attendance.prepare()
  failures.push('room-full')
  await expect(attendance.enter()).rejects.toMatchObject({ code: 'room-full' })
  expect(said.filter((what) => what === 'connect')).toHaveLength(1)
})

it('whoever cancels while the connection is being made leaves none behind', async () => {
  const { attendance, said } = person()
  const preparing = attendance.prepare()
  attendance.close()
  await expect(preparing).rejects.toMatchObject({ code: 'disconnected' })
  expect(said.at(-1)).toBe('close')
})

it('a moderator’s or another window’s word ends it', async () => {
  const { attendance, cut, failed } = person()
  await attendance.prepare()
  await attendance.enter()
  cut('removed')
  expect(failed).toHaveBeenCalledWith('removed')
})
