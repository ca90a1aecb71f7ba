/** Browsers that keep cookies and sign in; every answer they get is held against the contract. */
import { createHash } from 'node:crypto'
import { apiError } from '../src/contract/errors.ts'
import { ROUTES } from '../src/contract/routes.ts'
import type { PasswordParams } from '../src/contract/sign-in.ts'

export const ORIGIN = 'https://meet.example.org:8443'
export const PASSWORD = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into every kind of reply
  readonly body: any
}

/** `ok`, or why not. */
export function codeOf({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  return status === 200 ? 'ok' : String(body.code)
}

export interface CallOptions {
  readonly id?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is instead of JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
}

/** One browser profile: cookies, and the Origin that browsers add. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  async call(route: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const [method = 'GET', template = '/'] = route.split(' ')
    const reading = method === 'GET' || method === 'HEAD'
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(this.#base + template.replace(':id', options.id ?? ''), {
      method,
      redirect: 'manual',
      headers: {
        ...(reading ? {} : { origin: ORIGIN, 'content-type': 'application/json' }),
        ...(this.cookies.size === 0 ? {} : { cookie: this.#cookieHeader() }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const text = await response.text()
    const json = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')
    const { status, headers } = response
    if (json || status === 200) fitsContract(route, status, json ? JSON.parse(text) : text)
    return { status, headers, text, body: json ? (JSON.parse(text) as unknown) : null }
  }

  async signIn(email: string, password = PASSWORD, remember = false): Promise<Answer> {
    const params = await this.call('POST /api/auth/params', { email })
    const auth = hash(password, params.body as PasswordParams)
    return this.call('POST /api/auth/login', { email, v: 1, auth, remember })
  }

  #cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(line: string): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
    if (value === '' || line.includes('Expires=Thu, 01 Jan 1970')) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** Every answer that a test sees is one that the contract describes. */
function fitsContract(route: string, status: number, body: unknown): void {
  const shape = Object.entries(ROUTES).find(([name]) => name === route.split('?')[0])?.[1]
  if (shape !== undefined) (status === 200 ? shape.reply : apiError).parse(body)
}

/** Stands for Argon2id: what matters to the server is that it depends on password and salt. */
export function hash(password: string, params: PasswordParams): string {
  return createHash('sha256').update(`${password}|${params.salt}`).digest('base64url')
}
