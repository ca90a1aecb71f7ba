import { expect, it } from 'vitest'
import { TmmsError } from '../errors.ts'
import { checkAll, checkEach } from './check-all.ts'

const bad = (code: 'invalid-title' | 'invalid-email', field: string) => (): never => {
  throw new TmmsError(code, 'No.', { field })
}

it('what is right is answered as it was checked', () => {
  expect(checkAll({ a: () => 1, b: () => 'two' })).toEqual({ a: 1, b: 'two' })
  expect(checkEach(['x', 'y'], (item, at) => `${item}${at}`)).toEqual(['x0', 'y1'])
})

it('one thing that is wrong is thrown as it is', () => {
  expect(() => checkAll({ a: () => 1, title: bad('invalid-title', 'title') })).toThrow(
    expect.objectContaining({ code: 'invalid-title', field: 'title', problems: [] }),
  )
})

it('U4 all that is wrong is told at once, with that of lists within', () => {
  const invited = () => checkEach([0, 1, 2], (item) => bad('invalid-email', `invited.${item}`)())
  expect(() => checkAll({ title: bad('invalid-title', 'title'), invited })).toThrow(
    expect.objectContaining({
      code: 'invalid-title',
      field: 'title',
      problems: [
        { code: 'invalid-title', field: 'title' },
        { code: 'invalid-email', field: 'invited.0' },
        { code: 'invalid-email', field: 'invited.1' },
        { code: 'invalid-email', field: 'invited.2' },
      ],
    }),
  )
})

it('what is no refusal goes through', () => {
  const broken = (): never => {
    throw new TypeError('a mistake of ours')
  }
  expect(() => checkAll({ title: bad('invalid-title', 'title'), broken })).toThrow(TypeError)
})
