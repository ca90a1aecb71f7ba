/** Tells people of the same name apart, and of names that look the same: the second account is "another Ada Lovelace". */
import { m } from '../../paraglide/messages.js'
import { skeletons } from './skeleton.ts'

export class SameNames {
  /** What labels look like, and whose they are. */
  readonly #owners = new Map<string, string>()

  /** The same account always has the same label, however often it comes back, and no two look the same. */
  label(name: string, sub: string): string {
    for (let number = 1; ; number++) {
      const label = numbered(name, number)
      const looks = skeletons(label)
      const taken = looks.some((look) => (this.#owners.get(look) ?? sub) !== sub)
      if (taken) continue
      for (const look of looks) this.#owners.set(look, sub)
      return label
    }
  }
}

function numbered(name: string, number: number): string {
  if (number === 1) return name
  return number === 2 ? m.another_person({ name }) : m.another_person_of_many({ name, number })
}
