/** What is refused about a list of people, and how each thing is named. */
import { expect, test } from 'vitest'
import { readAddresses } from './address-list.ts'
import { checkAddresses } from './addresses.ts'

test('U4 each bad piece has its own sentence, and too many are counted', () => {
  const many = Array.from({ length: 301 }, (_, at) => `guest${at}@x.org`).join('\n')
  expect(checkAddresses(readAddresses(`Bob, c@, ${many}`), 'invited')).toMatchObject([
    { code: 'invalid-email', field: 'invited', value: 'Bob' },
    { code: 'invalid-email', field: 'invited', value: 'c@' },
    { code: 'too-many-invited', field: 'invited', count: 301 },
  ])
  expect(checkAddresses(readAddresses('a@x.org'), 'invited')).toEqual([])
})
