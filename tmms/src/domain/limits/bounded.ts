/** Memory that strangers fill must have an end. */
const MAX_ENTRIES = 100_000

/** Sets the newest entry of a map, and forgets the oldest of too many. */
export function setNewest<V>(map: Map<string, V>, key: string, value: V): void {
  // A map keeps the order of insertion.
  map.delete(key)
  map.set(key, value)
  if (map.size <= MAX_ENTRIES) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
