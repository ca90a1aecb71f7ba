/**
 * What every benchmark prints: one JSON line for each figure, medians, and ratios that are above 1 when we are better.
 */

interface Figure {
  readonly name: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  readonly samples: number
  readonly peer?: string
  readonly peerValue?: number
  readonly ratio?: number
}

/** What the figure is held against, measured in the same rounds; a fixed target has one value. */
export interface Peer {
  readonly name: string
  readonly samples: readonly number[]
}

export interface Measured {
  readonly name: string
  readonly metric: string
  readonly unit: string
  /** Frames per second are better high, milliseconds are better low. */
  readonly better: 'high' | 'low'
  readonly samples: readonly number[]
}

/** Prints one figure, beside its peer when there is one. */
export function report(measured: Measured, peer?: Peer): void {
  const { name, metric, unit, samples } = measured
  const figure: Figure = {
    ...{ name, metric, value: round(median(samples)), unit },
    ...(peer ? against(measured, peer) : {}),
    samples: samples.length,
  }
  process.stdout.write(`${JSON.stringify(figure)}\n`)
}

/** The median, since other things run on the machine, too. */
function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

// Whatever else the machine did in a round, it did to both: the ratio is the median of the rounds' own ratios. A target
// stands still: there it is that of the median.
function against({ samples, better }: Measured, peer: Peer): Partial<Figure> {
  const values = peer.samples.length === 1 ? [median(samples)] : samples
  const ratios = values.map((value, index) => {
    const other = peer.samples[index] ?? median(peer.samples)
    return better === 'high' ? value / other : other / value
  })
  const ratio = median(ratios)
  const measured = { peer: peer.name, peerValue: round(median(peer.samples)) }
  // Nothing at all has no ratio to anything.
  return Number.isFinite(ratio) ? { ...measured, ratio: round(ratio) } : measured
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
