/** Keeps a screen that somebody looks at true: meetings open and end while it is shown. */

const EVERY_MS = 60_000

/** Calls `load` every minute while the page is seen, and when it is seen again. Returns what ends that. */
export function refreshing(load: () => void): () => void {
  const ifSeen = (): void => {
    if (!document.hidden) load()
  }
  const timer = setInterval(ifSeen, EVERY_MS)
  document.addEventListener('visibilitychange', ifSeen)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', ifSeen)
  }
}
