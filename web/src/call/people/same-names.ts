/** Tells people of the same name apart, and of names that look the same: the second account is "another Ada Lovelace". */
import { m } from '../../paraglide/messages.js'
import { skeletons } from './skeleton.ts'

export class SameNames {
  /** Accounts by what their names look like, in the order of their coming. */
  readonly #groups = new Map<string, Set<string>>()

  /** The same account always has the same label, however often it comes back. */
  label(name: string, sub: string): string {
    const looks = skeletons(name)
    const known = looks.map((look) => this.#groups.get(look)).find((group) => group !== undefined)
    const group = known ?? new Set()
    for (const look of looks) if (!this.#groups.has(look)) this.#groups.set(look, group)
    group.add(sub)
    const position = [...group].indexOf(sub)
    if (position === 0) return name
    return position === 1
      ? m.another_person({ name })
      : m.another_person_of_many({ name, number: position + 1 })
  }
}
