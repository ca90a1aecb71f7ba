/** Serves the built web client: its page for every path that is one, its files, and nothing else. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import express, { Router, type RequestHandler } from 'express'
import { PAGES } from './contract/pages.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const ASSETS = '/assets'
const PATHS = [
  ...Object.values(PAGES).filter((path) => path !== PAGES.join),
  `${PAGES.join}:id`,
  // Reached from within the client only, but people reload and keep bookmarks.
  '/reset',
  '/meetings/:id',
]

export function pageRouter(webDir: string): Router {
  const folder = resolve(webDir)
  const router = Router({ caseSensitive: true })
  router.use(readingOnly)
  // Names of built assets carry a hash of their content: they never change.
  const files = { index: false, redirect: false } as const
  router.use(
    ASSETS,
    express.static(join(folder, ASSETS), { ...files, immutable: true, maxAge: YEAR_MS }),
  )
  router.use(ASSETS, (_request, response) => {
    response
      .status(404)
      .setHeader('Cache-Control', 'no-store')
      .type('text/plain')
      .send('Not found.')
  })
  router.get(PATHS, page(folder, 200))
  router.use(express.static(folder, { ...files, setHeaders: (response) => noCache(response) }))
  router.use(page(folder, 404))
  return router
}

function page(folder: string, status: 200 | 404): RequestHandler {
  const file = join(folder, 'index.html')
  return (_request, response, next) => {
    noCache(response)
    if (!existsSync(file)) {
      response.status(503).type('text/plain').send('The web client has not been built.')
      return
    }
    response.status(status)
    // A conditional answer would turn the 404 into a 304.
    response.sendFile(
      file,
      { cacheControl: false, ...(status === 404 ? { etag: false, lastModified: false } : {}) },
      (error: Error | undefined) => {
        if (error !== undefined) next(error)
      },
    )
  }
}

const readingOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next()
  else response.status(405).setHeader('Allow', 'GET, HEAD').end()
}

function noCache(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache')
}
