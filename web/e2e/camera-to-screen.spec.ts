/** Firefox publishes and Chromium decodes, and the reverse: pictures and sound, measured over five seconds. */
import { adaAndGrace } from './people.ts'
import { expect, test, type BrowserName } from './setup.ts'
import { diagnostics, hears, join, sees, steady } from './meeting.ts'

const pairs: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
]

for (const [publisher, viewer] of pairs) {
  test(`P1 ${publisher} publishes and ${viewer} decodes more than 95 % of the frames`, async ({
    browsers,
    server,
    thisBrowser,
  }) => {
    // Small pages ask for a small layer: two encoders and two decoders share two cores here.
    const small = { viewport: { width: 640, height: 480 } }
    const both = [browsers[publisher], browsers[viewer]] as const
    const { link, ada, grace, close } = await adaAndGrace(server, both, small)
    // The first to join differs: the project's own browser begins.
    const order = publisher === thisBrowser ? [ada, grace] : [grace, ada]
    for (const page of order) await join(page, link)
    await sees(grace, 'Ada Lovelace')
    await hears(grace)
    await steady(grace)

    const before = await diagnostics(grace)
    await grace.evaluate(
      () => new Promise((passed) => setTimeout(passed, 5_000)), // The measured interval itself.
    )
    const after = await diagnostics(grace)
    const decoded = after.framesDecoded - before.framesDecoded
    const received = after.framesReceived - before.framesReceived
    expect(received).toBeGreaterThan(25)
    // A busy machine drops whole frames that it has no time for; those are late, not undecodable.
    const late = after.framesDropped - before.framesDropped
    expect((decoded + late) / received).toBeGreaterThan(0.95)
    expect(decoded / received).toBeGreaterThan(0.5)
    const opened = after.opened - before.opened
    const refused = after.refused - before.refused
    expect(opened).toBeGreaterThan(100)
    expect(refused / (opened + refused)).toBeLessThan(0.05)
    await close()
  })
}
