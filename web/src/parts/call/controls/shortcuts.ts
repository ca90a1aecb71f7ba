/** Which key means what during a call, and whether the person wants keys at all. */

export type Shortcut = 'audio' | 'video' | 'chat'

const KEYS: ReadonlyMap<string, Shortcut> = new Map([
  ['m', 'audio'],
  ['v', 'video'],
  ['c', 'chat'],
])
const KEY = 'huisclos.shortcuts'

/** Nothing while somebody types, holds a modifier (Ctrl+V is "paste") or leans on the key. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return null
  if (event.defaultPrevented || event.isComposing || typesIn(event.target)) return null
  return KEYS.get(event.key.toLowerCase()) ?? null
}

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export function keepShortcuts(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off')
  } catch {
    // Without storage the choice cannot be kept; the keys stay as they were.
  }
}

function typesIn(target: EventTarget | null): boolean {
  // A select jumps to the option that begins with the letter.
  return (
    target instanceof Element &&
    target.closest('input, select, textarea, [contenteditable]') !== null
  )
}
