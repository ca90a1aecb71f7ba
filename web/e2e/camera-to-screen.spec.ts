/** Pictures of three layers and sound between Firefox and Chromium, in both directions at once. */
import { LAYERED } from './camera.ts'
import { opensAllPictures } from './decoding.ts'
import { hears, join, sees } from './meeting.ts'
import { adaAndGrace } from './people.ts'
import { test } from './setup.ts'

// Who joins first differs between the projects.
test('P1 each browser opens every picture of the other and decodes them', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const both = [browsers[thisBrowser], browsers[otherBrowser]] as const
  const { link, ada, grace, close } = await adaAndGrace(server, both, { camera: LAYERED })
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  for (const page of [ada, grace]) await hears(page)
  await Promise.all([ada, grace].map((page) => opensAllPictures(page)))
  await close()
})
