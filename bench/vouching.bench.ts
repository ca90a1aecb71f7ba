/**
 * What the stream authenticator costs a participant in a meeting of ten, in Chromium and in Firefox, as a share of one core.
 *
 * `node bench/vouching.bench.ts [rounds] [browser]` prints one JSON line for each figure.
 */
import { call, inBrowsers } from './browsers.ts'
import { report } from './report.ts'

/** The target, and the reason why it is on by default. */
const TARGET_PERCENT = 2
const WARM_UP = 5

const rounds = Number(process.argv[2] ?? 40)
await inBrowsers(process.argv[3], async (page, browser) => {
  const second = (vouching: boolean) => call<number>(page, 'ask', 'vouching', { vouching })
  const [without, percent]: [number[], number[]] = [[], []]
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const [bare, vouched] = [await second(false), await second(true)]
    if (round < 0) continue
    without.push(bare)
    percent.push((vouched - bare) / 10)
  }
  const name = `vouching-${browser}-10-participants`
  report(
    { name, metric: 'extra-cpu', unit: '% of a core', better: 'low', samples: percent },
    { name: 'target', samples: [TARGET_PERCENT] },
  )
  report({
    ...({ name, metric: 'frames-without', better: 'low' } as const),
    ...{ unit: 'ms of a core each second', samples: without },
  })
})
