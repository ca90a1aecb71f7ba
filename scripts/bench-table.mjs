/** Figures of benchmarks, one JSON object each, as a table for people. */

/**
 * @typedef {{ name: string, metric: string, value: number, unit: string, samples: number,
 *   peer?: string, peerValue?: number, ratio?: number }} Figure
 */

const HEAD = ['name', 'metric', 'value', 'peer', 'its value', 'ratio', 'samples']
const NUMBERS = new Set(['value', 'its value', 'ratio', 'samples'])

/** @param {readonly Figure[]} figures */
export function tableOf(figures) {
  const rows = [HEAD, ...figures.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return NUMBERS.has(HEAD[column] ?? '') ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
  return [...lines, '', 'A ratio above 1 is better than the peer.'].join('\n')
}

/** @param {Figure} figure */
function rowOf({ name, metric, value, unit, samples, peer, peerValue, ratio }) {
  const its = peerValue === undefined ? '' : `${peerValue} ${unit}`
  return [name, metric, `${value} ${unit}`, peer ?? '', its, String(ratio ?? ''), String(samples)]
}
