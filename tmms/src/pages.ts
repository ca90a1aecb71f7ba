/** Serves the built web client: its page for every path that is one, its files, and nothing else. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import express, { Router, type ErrorRequestHandler, type RequestHandler } from 'express'
import sirv from 'sirv'
import { PAGE_PATHS } from './contract/pages.ts'

const YEAR_S = 365 * 24 * 3600
const ASSETS = '/assets'

export function pageRouter(webDir: string): Router {
  const folder = resolve(webDir)
  const router = Router({ caseSensitive: true, strict: true })
  router.use(readingOnly)
  const assets = join(folder, ASSETS)
  if (existsSync(assets)) router.use(ASSETS, wholeFiles, builtFiles(assets))
  router.use(ASSETS, noFile)
  router.get([...PAGE_PATHS], page(folder, 200))
  const files = { index: false, redirect: false } as const
  router.use(express.static(folder, { ...files, setHeaders: (response) => noCache(response) }))
  router.use(page(folder, 404))
  return router
}

/**
 * Names of built files carry a hash of their content, so they never change; each has a compressed version beside it.
 * Only they are compressed: the size of a compressed answer tells about the secrets in it (BREACH), and files hold none.
 */
function builtFiles(folder: string): RequestHandler {
  return sirv(folder, { brotli: true, gzip: true, immutable: true, maxAge: YEAR_S })
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

/** sirv misreads ranges and takes a slash at the end for nothing. RFC 9110 section 14.2: a range may be ignored. */
const wholeFiles: RequestHandler = (request, response, next) => {
  delete request.headers.range
  if (request.path.endsWith('/')) noFile(request, response, next)
  else next()
}

const noFile: RequestHandler = (_request, response) => {
  response.status(404).setHeader('Cache-Control', 'no-store').type('text/plain').send('Not found.')
}

/**
 * Of a file: a condition that does not hold (412), a range that it does not have (416), a path that cannot be decoded (400).
 * Everything else is for the next one.
 */
export const pageFailure: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const { status, headers } = Object(error) as { status?: unknown; headers?: object }
  const reason = REASONS.get(status)
  if (reason === undefined || response.headersSent) {
    next(error)
    return
  }
  noCache(response)
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value))
  response
    .status(status as number)
    .type('text/plain')
    .send(reason)
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  [400, 'This path cannot be read.'],
  [412, 'The file is another one by now.'],
  [416, 'The file is not as long as that.'],
])

const readingOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next()
  else response.status(405).setHeader('Allow', 'GET, HEAD').end()
}

function noCache(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache')
}
