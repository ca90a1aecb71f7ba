/** Firefox publishes and Chromium decodes, and the reverse: pictures and sound, measured over five seconds. */
import { expect, meetingOf, pageOf, test, type BrowserName } from './setup.ts'
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
    // The first to join differs: the project's own browser begins.
    const { link, people } = await meetingOf(server, 2)
    // Small pages ask for a small layer: two encoders and two decoders share two cores here.
    const small = { viewport: { width: 640, height: 480 } }
    const ada = await pageOf(browsers[publisher], people[0]!, small)
    const grace = await pageOf(browsers[viewer], people[1]!, small)
    const order = publisher === thisBrowser ? [ada, grace] : [grace, ada]
    for (const { page } of order) await join(page, link)
    await sees(grace.page, 'Ada Lovelace')
    await hears(grace.page)
    await steady(grace.page)

    const before = await diagnostics(grace.page)
    await grace.page.evaluate(
      () => new Promise((passed) => setTimeout(passed, 5_000)), // The measured interval itself.
    )
    const after = await diagnostics(grace.page)
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
    await ada.context.close()
    await grace.context.close()
  })
}
