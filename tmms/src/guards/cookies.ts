/** The two cookies: who is signed in, and which browser this is. `__Host-` pins them to this origin over TLS. */
import type { Request, Response } from 'express'
import { parseCookie } from 'cookie'
import { DEVICE_MS, type NewSession } from '../domain/sign-in/session.ts'

const SESSION = '__Host-session'
const DEVICE = '__Host-device'
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const OPTIONS = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const

export interface Cookies {
  readonly session: string | undefined
  readonly device: string | undefined
}

export function readCookies(request: Request): Cookies {
  const cookies = parseCookie(request.headers.cookie ?? '')
  return { session: token(cookies[SESSION]), device: token(cookies[DEVICE]) }
}

export function writeSession(response: Response, session: NewSession, device: string): void {
  const life = session.maxAgeMs === null ? {} : { maxAge: session.maxAgeMs }
  response.cookie(SESSION, session.token, { ...OPTIONS, ...life })
  response.cookie(DEVICE, device, { ...OPTIONS, maxAge: DEVICE_MS })
}

export function clearSession(response: Response): void {
  response.clearCookie(SESSION, OPTIONS)
}

function token(value: string | undefined): string | undefined {
  return value !== undefined && TOKEN.test(value) ? value : undefined
}
