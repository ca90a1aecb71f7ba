/** A profile while somebody edits it. */
import type { MeetingSwitches, Policy, Profile } from '@huisclos/tmms/contract/policy'
import type { Mark, ProfileName } from '@huisclos/tmms/contract/switches'
import { ApiFailure } from '../../../account/api.ts'
import { requireNone } from '../../../account/form-failures.ts'
import { draftOf, MEETING_SWITCHES, readDraft, type Draft } from '../../../account/policy-draft.ts'

export interface ProfileDraft {
  readonly offered: boolean
  readonly switches: Draft
  readonly marked: boolean
  /** Kept while there is none, so that taking the tick out by mistake loses nothing. */
  readonly mark: Mark
}

const FIRST_COLOUR = '#0b5563'

export function profileDraft({ offered, switches, mark }: Profile): ProfileDraft {
  const first = { text: '', colour: FIRST_COLOUR }
  const all = draftOf(switches)
  const draft = Object.fromEntries(MEETING_SWITCHES.map((key) => [key, all[key] ?? '']))
  return { offered, switches: draft, marked: mark !== null, mark: mark ?? first }
}

/** @throws {FormFailures} with everything that is wrong. */
export function readProfiles(
  preset: ProfileName,
  drafts: Readonly<Record<ProfileName, ProfileDraft>>,
): Omit<Policy, 'version'> {
  const failures: ApiFailure[] = []
  const profile = (name: ProfileName): Profile => {
    const { offered, switches, marked, mark } = drafts[name]
    const read = readDraft(switches, `profiles.${name}.switches`)
    failures.push(...read.failures, ...missing(name, switches))
    const text = mark.text.trim()
    if (marked && text === '')
      failures.push(new ApiFailure('missing', { field: `profiles.${name}.mark.text` }))
    return {
      offered,
      switches: read.values as MeetingSwitches,
      mark: marked ? { ...mark, text } : null,
    }
  }
  const [open, standard, restricted] = [profile('open'), profile('standard'), profile('restricted')]
  if (!drafts[preset].offered) failures.push(new ApiFailure('preset', { field: 'preset' }))
  requireNone(failures)
  return { preset, profiles: { open, standard, restricted } }
}

function missing(name: ProfileName, draft: Draft): readonly ApiFailure[] {
  return Object.entries(draft)
    .filter(([, text]) => text.trim() === '')
    .map(([key]) => {
      const field = `profiles.${name}.switches.${key}`
      return new ApiFailure('not-in-range', { field, value: key })
    })
}
