import { expect, test } from 'vitest'
import { wordFailure } from '../../../account/wording.ts'
import { allFailures } from '../../../account/going-on.ts'
import { readPeople } from './read-people.ts'

async function failureOf(file: Blob | undefined) {
  const [failure] = allFailures(
    await readPeople(file).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    ),
  )
  return failure
}

const gone = Object.assign(new Blob(['x']), {
  arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')),
})

test.each([
  ['none', undefined, /fill/i],
  ['an empty one', new Blob([]), /is empty/],
  ['a workbook', new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 0])]), /CSV UTF-8/],
  ['one without heads', new Blob(['a@x.org;Ada\n']), /Write E-mail above/],
  ['one with nobody', new Blob(['Email;Nom\n']), /nobody/],
  ['a stray quotation mark', new Blob(['Email;Nom\r\na@x.org;"B\r\nc@x.org;D\r\n']), /on line 2 /],
  ['too many people', new Blob(['Email\n', 'a@x.org\n'.repeat(10_001)]), /10,?000 lines/],
  ['too large a file', new Blob([new Uint8Array(5_000_001)]), /larger than 5 MB/],
  ['one that is gone', gone, /Choose it again/],
] as const)(
  'U3 a file that cannot be read (%s) is a failure at its field',
  async (_, file, said) => {
    const failure = await failureOf(file)
    expect(failure?.field).toBe('file')
    expect(failure === undefined ? '' : wordFailure(failure)).toMatch(said)
  },
)

test('U3 a file that can be read is a table', async () => {
  const table = await readPeople(new Blob(['Email\na@x.org\n']))
  expect(table).toEqual({ lines: [{ line: 2, email: 'a@x.org' }], western: false })
})
