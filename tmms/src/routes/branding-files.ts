/** What pages show of the branding before anybody has signed in: a style sheet and the logo, of our own origin. */
import { Router } from 'express'
import { readLogo } from '../domain/branding/logo.ts'
import { brandingCss } from '../domain/branding/stylesheet.ts'
import type { Store } from '../store/store.ts'

const YEAR_S = 365 * 24 * 3600

export function brandingFiles(store: Store): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/branding.css', async (_request, response) => {
    const css = await brandingCss(store)
    response.setHeader('Cache-Control', 'no-cache').type('text/css').send(css)
  })
  router.get('/branding/:file', async ({ params: { file } }, response) => {
    const logo = await readLogo(store, file)
    if (logo === undefined) {
      response.status(404).setHeader('Cache-Control', 'no-store')
      response.type('text/plain').send('Not found.')
      return
    }
    // The name is made of what is in it, so it never changes.
    response.setHeader('Cache-Control', `public, max-age=${YEAR_S}, immutable`)
    response.type(logo.type).send(logo.bytes)
  })
  return router
}
