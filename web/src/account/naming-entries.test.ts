/** Of a list that the server refuses, each wrong entry is named. */
import { expect, test } from 'vitest'
import { ApiFailure } from './api.ts'
import { namingEntries } from './naming-entries.ts'

test('U4 each address that the server refuses is named', async () => {
  const problems = [
    new ApiFailure('invalid-title', { field: 'title' }),
    new ApiFailure('invalid-email', { field: 'invited.1' }),
  ]
  const refused = Promise.reject(new ApiFailure('invalid-title', { field: 'title', problems }))
  const emails = ['a@x.org', 'b@x.org']
  await expect(namingEntries(refused, 'invited', emails)).rejects.toMatchObject({
    failures: [
      { code: 'invalid-title', field: 'title', value: null },
      { code: 'invalid-email', field: 'invited', value: 'b@x.org' },
    ],
  })
})
