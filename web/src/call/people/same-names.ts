/** Tells people of the same name apart: the second account of a name is shown as "Ada Lovelace (2)". */

export class SameNames {
  readonly #subs = new Map<string, string[]>()

  /** The same account always has the same label, however often it comes back. */
  label(name: string, sub: string): string {
    const key = lookOf(name)
    const subs = this.#subs.get(key) ?? []
    if (!subs.includes(sub)) subs.push(sub)
    this.#subs.set(key, subs)
    const position = subs.indexOf(sub)
    return position === 0 ? name : `${name} (${position + 1})`
  }
}

/** What a reader would hardly tell apart: case, width and spaces. */
function lookOf(name: string): string {
  return name.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase()
}
