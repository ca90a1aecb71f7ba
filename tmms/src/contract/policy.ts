/** Shapes of what the policy says; the switches themselves are in switches.ts. */
import { z } from 'zod'
import { version } from './route.ts'
import {
  PROFILE_NAMES,
  SWITCHES,
  SWITCH_NAMES,
  type AccountSwitch,
  type Mark,
  type Restriction,
  type Restrictions,
  type SwitchName,
  type SwitchRow,
  type SwitchValues,
} from './switches.ts'

export const profileName = z.enum(PROFILE_NAMES)

function valueOf(row: SwitchRow): z.ZodType<boolean | number> {
  return 'min' in row ? z.int().min(row.min).max(row.max) : z.boolean()
}

const values = Object.fromEntries(
  Object.entries<SwitchRow>(SWITCHES).map(([name, row]) => [name, valueOf(row)]),
)
const ofMeetings = Object.fromEntries(
  Object.entries(values).filter(([name]) => SWITCHES[name as SwitchName].holds !== 'account'),
)
export const restrictions = z
  .strictObject(values)
  .partial()
  .readonly() as unknown as z.ZodType<Restrictions>
/** What a profile says: every switch but those about people. */
export const meetingSwitches = z.strictObject(ofMeetings).readonly() as unknown as z.ZodType<
  Omit<SwitchValues, AccountSwitch>
>
export type MeetingSwitches = z.infer<typeof meetingSwitches>

export const mark: z.ZodType<Mark> = z
  .strictObject({
    text: z.string().min(1).max(40),
    colour: z.string().regex(/^#[0-9a-f]{6}$/),
  })
  .readonly()

export const profile = z
  .strictObject({
    /** Whether organisers may choose it. */
    offered: z.boolean(),
    switches: meetingSwitches,
    mark: mark.nullable(),
  })
  .readonly()
export type Profile = z.infer<typeof profile>

export const policy = z
  .strictObject({
    version,
    /** What meetings have whose organiser chose none; it is offered. */
    preset: profileName,
    profiles: z.strictObject({ open: profile, standard: profile, restricted: profile }).readonly(),
  })
  .readonly()
export type Policy = z.infer<typeof policy>

/** What one switch is for somebody, and which groups decided so; none when it is not restricted. */
export const explained = z
  .strictObject({
    name: z.enum(SWITCH_NAMES),
    value: z.union([z.boolean(), z.number()]),
    groups: z.array(z.string()).readonly(),
  })
  .readonly()
export type Explained = z.infer<typeof explained>

export const restriction: z.ZodType<Restriction> = z
  .strictObject({
    name: z.enum(SWITCH_NAMES),
    value: z.union([z.boolean(), z.number()]),
  })
  .readonly()
