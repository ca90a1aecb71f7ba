/** The three profiles of meetings, as the administrator has set them. */
import type { AuditDetails } from '../../contract/audit.ts'
import type { MeetingSwitches, Policy, Profile } from '../../contract/policy.ts'
import {
  PROFILE_NAMES,
  SWITCHES,
  type ProfileName,
  type SwitchRow,
} from '../../contract/switches.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import type { Actor } from '../audit/actor.ts'
import { differences } from '../audit/differences.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { requireUnchanged } from '../versions.ts'

const DEFAULT: Policy = {
  version: 0,
  preset: 'standard',
  profiles: {
    open: { offered: true, switches: defaultsOf('open'), mark: null },
    standard: { offered: true, switches: defaultsOf('standard'), mark: null },
    restricted: {
      offered: true,
      switches: defaultsOf('restricted'),
      mark: { text: 'Restricted', colour: '#b42318' },
    },
  },
}

function defaultsOf(name: ProfileName): MeetingSwitches {
  const rows = Object.entries<SwitchRow>(SWITCHES).filter(([, { holds }]) => holds !== 'account')
  return Object.fromEntries(
    rows.map(([key, row]) => [key, row.defaults[name]]),
  ) as unknown as MeetingSwitches
}

/** What was never changed, and a switch that is newer than the change, is as it comes. */
export async function readPolicy({ profiles }: Pick<Rows, 'profiles'>): Promise<Policy> {
  const rows = await profiles.all()
  const kept = (name: ProfileName) => rows.find((row) => row.name === name)
  const { open, standard, restricted } = Object.fromEntries(
    PROFILE_NAMES.map((name) => [name, profileOf(name, kept(name)?.value ?? null)]),
  ) as Policy['profiles']
  const preset = rows.find((row) => row.preset === 1)?.name ?? DEFAULT.preset
  const version = Math.max(DEFAULT.version, ...rows.map((row) => row.version))
  return { version, preset, profiles: { open, standard, restricted } }
}

/** @param json as it is kept; null when it is as it comes. */
export function profileOf(name: ProfileName, json: string | null): Profile {
  const kept = (json === null ? {} : JSON.parse(json)) as Partial<Profile>
  const whole = { ...DEFAULT.profiles[name], ...kept }
  return { ...whole, switches: { ...defaultsOf(name), ...kept.switches } }
}

/**
 * Sets all three; each that changed is written down.
 * @throws {TmmsError} `changed-meanwhile`; `bad-request` at `preset` for a profile that nobody may choose, or at the mark that has no text.
 */
export async function changePolicy(
  context: Context,
  actor: Actor,
  wanted: Policy,
): Promise<Policy> {
  const { preset } = wanted
  if (!wanted.profiles[preset].offered) {
    throw new TmmsError('bad-request', 'The profile of meetings without one must be offered.', {
      field: 'preset',
    })
  }
  const profiles = Object.fromEntries(
    PROFILE_NAMES.map((name) => [name, clean(name, wanted.profiles[name])]),
  ) as Policy['profiles']
  return context.store.atomically(async (rows) => {
    const before = await readPolicy(rows)
    const versions = { is: before.version, basedOn: wanted.version }
    await requireUnchanged(rows, { kind: 'profile' }, versions)
    const version = before.version + 1
    for (const name of PROFILE_NAMES) {
      const value = JSON.stringify(profiles[name])
      await rows.profiles.write({ name, value, preset: preset === name ? 1 : 0, version })
      const details = changes(before.profiles[name], profiles[name], {
        was: before.preset === name,
        is: preset === name,
      })
      if (Object.keys(details).length === 0) continue
      const object = { kind: 'profile' as const, id: name, name }
      await record(rows, actor, context.now(), { action: 'profile-changed', object, details })
    }
    return { version, preset, profiles }
  })
}

function clean(name: ProfileName, { mark, ...profile }: Profile): Profile {
  if (mark === null) return { ...profile, mark }
  const text = cleanLine(mark.text)
  if (text === '') {
    throw new TmmsError('bad-request', 'The mark has no text.', {
      field: `profiles.${name}.mark.text`,
    })
  }
  return { ...profile, mark: { ...mark, text } }
}

function changes(
  before: Profile,
  after: Profile,
  preset: { readonly was: boolean; readonly is: boolean },
): AuditDetails {
  const flat = ({ offered, mark, switches }: Profile, chosen: boolean) => ({
    ...switches,
    offered,
    preset: chosen,
    mark: mark === null ? null : `${mark.text} ${mark.colour}`,
  })
  return differences(flat(before, preset.was), flat(after, preset.is))
}
