/** What somebody's groups restrict, and which group decided what. */
import { restrictions as restrictionsOf, type Explained } from '../../contract/policy.ts'
import { SWITCHES, type Restrictions, type SwitchValues } from '../../contract/switches.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { GroupRecord } from '../../store/groups.ts'
import type { Rows } from '../../store/store.ts'
import { explain, strictest } from './rules.ts'

type Person = Pick<AccountRecord, 'id' | 'email'>
type Groups = Pick<Rows, 'groups'>

/** The strictest of all groups, for every switch. */
export async function valuesOf({ groups }: Groups, person: Person): Promise<SwitchValues> {
  const all = (await groups.of(person)).map(readRestrictions)
  return strictest(SWITCHES, all) as unknown as SwitchValues
}

/** Every switch, its value, and which groups decided it. */
export async function explainPerson(
  { groups }: Groups,
  person: Person,
): Promise<readonly Explained[]> {
  const sources = (await groups.of(person)).map((group) => ({
    name: group.name,
    restrictions: readRestrictions(group),
  }))
  return explain(SWITCHES, sources)
}

/** Members of a switch that is gone, or of values that are no longer allowed, are left out. */
export function readRestrictions({
  restrictions,
}: Pick<GroupRecord, 'restrictions'>): Restrictions {
  const kept = JSON.parse(restrictions) as Readonly<Record<string, unknown>>
  const known = Object.entries(kept).filter(
    ([name, value]) => restrictionsOf.safeParse({ [name]: value }).success,
  )
  return Object.fromEntries(known)
}
