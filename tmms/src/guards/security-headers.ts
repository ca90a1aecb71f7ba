/** The headers that confine our pages, on every answer: a worker obeys the policy of its own file. */
import type { RequestHandler } from 'express'
import helmet from 'helmet'

const TWO_YEARS_S = 63_072_000

const ALLOWED = [
  'camera',
  'microphone',
  'display-capture',
  'fullscreen',
  'autoplay',
  'screen-wake-lock',
  'clipboard-write',
]
const DENIED = [
  'accelerometer',
  'clipboard-read',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]
const PERMISSIONS = [
  ...ALLOWED.map((name) => `${name}=(self)`),
  ...DENIED.map((name) => `${name}=()`),
].join(', ')

export function securityHeaders(origin: string, tcsOrigin: string): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: policy(origin, tcsOrigin) },
      crossOriginEmbedderPolicy: { policy: 'require-corp' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      // Not for subdomains: they may be somebody else's machines.
      strictTransportSecurity: { maxAge: TWO_YEARS_S, includeSubDomains: false },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS)
      next()
    },
  ]
}

function policy(origin: string, tcsOrigin: string): Record<string, readonly string[]> {
  const self = "'self'"
  const none = "'none'"
  const sockets = [origin, tcsOrigin].map((one) => `wss://${new URL(one).host}`)
  return {
    defaultSrc: [none],
    // WASM: Argon2id runs in it.
    scriptSrc: [self, "'wasm-unsafe-eval'"],
    styleSrc: [self],
    imgSrc: [self, 'blob:', 'data:'],
    mediaSrc: [self, 'blob:', 'mediastream:'],
    fontSrc: [self],
    workerSrc: [self],
    connectSrc: [self, ...new Set(sockets)],
    manifestSrc: [self],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ['svelte-trusted-html', 'huisclos-worker'],
    frameAncestors: [none],
    baseUri: [none],
    formAction: [self],
  }
}
