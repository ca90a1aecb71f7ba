/** One line per answered call: which route, how it ended, how long it took. Never bodies, cookies, queries or names. */
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now()
    response.on('finish', () => {
      // The template, not the path: whatever somebody puts into a path by mistake stays out.
      const route = (request.route as { path?: unknown } | undefined)?.path
      logger.info(
        {
          method: request.method,
          route: typeof route === 'string' ? route : '(none)',
          status: response.statusCode,
          code: response.locals['code'] as unknown,
          ms: Math.round(performance.now() - startedMs),
        },
        'answered',
      )
    })
    next()
  }
}
