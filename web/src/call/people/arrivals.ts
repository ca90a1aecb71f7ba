/** Who came and who went, as it is told to somebody who was there before: whoever was met here has not come. */

export interface Person {
  readonly peerId: string
  /** The account: somebody may be called otherwise once another person of that name is there. */
  readonly id: string
  readonly name: string
}

export class Arrivals {
  #before: readonly Person[] = []
  #early: Set<string> | null = null

  /** Who is there by the TCS. The first of these lists is of who was there before us. */
  roster(peerIds: readonly string[]): void {
    this.#early ??= new Set(peerIds)
  }

  /** @param people - everybody who is known by name now */
  news(people: readonly Person[]): {
    readonly came: readonly Person[]
    readonly gone: readonly Person[]
  } {
    const gone = missingIn(people, this.#before)
    const came = missingIn(this.#before, people).filter(({ peerId }) => !this.#wasHere(peerId))
    this.#before = people
    // Whoever went and comes back has come.
    for (const { peerId } of gone) this.#early?.delete(peerId)
    return { came, gone }
  }

  #wasHere(peerId: string): boolean {
    return this.#early?.has(peerId) ?? true
  }
}

function missingIn(list: readonly Person[], others: readonly Person[]): readonly Person[] {
  return others.filter(({ id }) => !list.some((one) => one.id === id))
}
