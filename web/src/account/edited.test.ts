import { expect, it } from 'vitest'
import { ApiFailure } from './api.ts'
import { Edited } from './edited.ts'
import { namingEntries } from './naming-entries.ts'

const refused = (version: number): ApiFailure =>
  new ApiFailure('changed-meanwhile', { changed: { version, by: 'ada@example.org' } })

it('U a save over a newer version is refused once; whoever saves again does so on the newer one', async () => {
  const edited = new Edited(1)
  const sent: number[] = []
  const send = (version: number) => {
    sent.push(version)
    const answer = version === 4 ? Promise.resolve({ version: 5 }) : Promise.reject(refused(4))
    return namingEntries(answer, 'words', [])
  }
  await expect(edited.save(send)).rejects.toThrow('changed-meanwhile')
  expect(await edited.save(send)).toEqual({ version: 5, before: 4 })
  await expect(edited.save(send)).rejects.toThrow()
  expect(sent).toEqual([1, 4, 5])
})

it('U another refusal leaves the version as it was', async () => {
  const edited = new Edited(1)
  const sent: number[] = []
  const send = (version: number) => {
    sent.push(version)
    return Promise.reject<{ version: number }>(new ApiFailure('offline'))
  }
  await expect(edited.save(send)).rejects.toThrow('offline')
  await expect(edited.save(send)).rejects.toThrow('offline')
  expect(sent).toEqual([1, 1])
})

it('U what was saved beside it is followed only by who had seen what it was based on', async () => {
  const [seen, unseen] = [new Edited(2), new Edited(1)]
  for (const edited of [seen, unseen]) edited.follow(2, 3)
  const versionOf = async (edited: Edited) =>
    (await edited.save((version) => Promise.resolve({ version }))).before
  expect([await versionOf(seen), await versionOf(unseen)]).toEqual([3, 1])
})
