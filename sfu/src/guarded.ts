/**
 * The callback of a timer or a signal, made safe: nothing above it on the stack could catch what it throws, and Node
 * would end the process with every meeting in it.
 *
 * @param report gets what `action` throws; must not throw itself
 */
export function guarded(action: () => void, report: (error: unknown) => void): () => void {
  return () => {
    try {
      action()
    } catch (error) {
      report(error)
    }
  }
}
