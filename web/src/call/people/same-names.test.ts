import { expect, it } from 'vitest'
import { SameNames } from './same-names.ts'

it('a second account of the same name gets a number, and keeps it', () => {
  const names = new SameNames()
  expect(names.label('Ada Lovelace', '1')).toBe('Ada Lovelace')
  expect(names.label('Ada Lovelace', '2')).toBe('Ada Lovelace (2)')
  expect(names.label('Ada Lovelace', '1')).toBe('Ada Lovelace')
  expect(names.label('Ada Lovelace', '2')).toBe('Ada Lovelace (2)')
})

it('case, width and spaces make no other name', () => {
  const names = new SameNames()
  names.label('Ada Lovelace', '1')
  expect(names.label('ada  LOVELACE', '2')).toBe('ada  LOVELACE (2)')
  expect(names.label('Ａda Lovelace', '3')).toBe('Ａda Lovelace (3)')
})

it('other names have no number', () => {
  const names = new SameNames()
  names.label('Ada Lovelace', '1')
  expect(names.label('Grace Hopper', '2')).toBe('Grace Hopper')
})
