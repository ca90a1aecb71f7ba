/** Which switches a group restricts, in the order of the table. */
import type { Group } from '@huisclos/tmms/contract/groups'
import { SWITCH_NAMES, type SwitchName } from '@huisclos/tmms/contract/switches'

export function restrictedBy({ restrictions }: Pick<Group, 'restrictions'>): readonly SwitchName[] {
  return SWITCH_NAMES.filter((name) => restrictions[name] !== undefined)
}
