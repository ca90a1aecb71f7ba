/** Turns addresses into screens and back. Secrets arrive in the fragment and are taken out of it at once. */
import { mendAddress } from './address.ts'

/** What a meeting link's fragment carries: `v1.<root thumbprint>[.<link secret>]` (43 characters each). */
export interface MeetingSecrets {
  /** RFC 7638 thumbprint of the TMMS root key that made the link; null when the link came without a fragment. */
  readonly pin: string | null
  readonly linkSecret: string | null
}

export type Route =
  | { readonly screen: 'home' | 'sign-in' | 'reset' | 'plan' | 'not-found' }
  | ({ readonly screen: 'admin' } & AdminPlace)
  | { readonly screen: 'setup' | 'welcome'; readonly token: string }
  | { readonly screen: 'setup-incomplete' | 'welcome-incomplete' }
  | { readonly screen: 'meeting'; readonly id: string }
  | { readonly screen: 'change'; readonly id: string }
  | ({ readonly screen: 'join'; readonly mid: string } & MeetingSecrets)
  /** `join-leaked`: the secret of the link went to the server, in the path of a request. */
  | { readonly screen: 'join-incomplete' | 'join-leaked' }

/** A page of the administration: which one, of what, and what the list on it is narrowed to. */
interface AdminPlace {
  readonly page: string
  readonly id: string | null
  /** Query of the address, without its `?`. */
  readonly search: string
}

/** Kept in the history entry, so that a reload still knows it although the address bar no longer shows it. */
export interface Kept {
  readonly path: string
  readonly fragment: string
}

export interface Entry {
  readonly kept: Kept
  readonly route: Route
}

const ADMIN = '/admin'
const ID = /^[A-Za-z0-9_-]{16,64}$/
// 32 bytes in base64url: the last of 43 characters carries four bits only, so 16 values are canonical (RFC 4648 3.5).
const SECRET = '[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]'
/** Of people and meetings, and names of settings. */
const ADMIN_ID = /^[A-Za-z0-9_-]{1,64}$/
const TOKEN = new RegExp(`^${SECRET}$`)
// Links once ended with `.-` where no secret was.
const FRAGMENT = new RegExp(`^v1\\.(${SECRET})(?:\\.(-|${SECRET}))?$`)

const FIXED: Readonly<Record<string, Route>> = {
  '/': { screen: 'home' },
  '/sign-in': { screen: 'sign-in' },
  '/reset': { screen: 'reset' },
  '/meetings/new': { screen: 'plan' },
}

/** What stands in the address bar, mended, or what the history entry kept of it. */
export function readEntry(pathname: string, hash: string, state: unknown, search = ''): Entry {
  const address = mendAddress(pathname, hash.slice(1))
  const { sent } = address
  const path = withSearch(address.path, search)
  const fragment = fragmentOf(path, `#${address.fragment}`, state)
  const route = parseRoute(path, fragment)
  // A secret that was sent is none: it is neither kept nor used.
  if (sent && route.screen === 'join' && route.linkSecret !== null)
    return { kept: { path, fragment: '' }, route: { screen: 'join-leaked' } }
  return { kept: { path, fragment }, route }
}

/** `fragment` is without its `#`. */
export function parseRoute(path: string, fragment: string): Route {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined
  if (fixed !== undefined) return fixed
  if (path === '/setup' || path === '/welcome') return accountLink(path, fragment)
  const [, first, id = '', ...rest] = path.split('/')
  if (path === ADMIN || path.startsWith(`${ADMIN}/`)) return adminPage(path)
  if (first === 'meetings' && rest.length === 1 && rest[0] === 'change' && ID.test(id))
    return { screen: 'change', id }
  if (rest.length > 0 || !ID.test(id))
    return { screen: first === 'j' ? 'join-incomplete' : 'not-found' }
  if (first === 'meetings') return { screen: 'meeting', id }
  if (first !== 'j') return { screen: 'not-found' }
  const secrets = parseFragment(fragment)
  return secrets === null ? { screen: 'join-incomplete' } : { screen: 'join', mid: id, ...secrets }
}

/** Only lists of the administration keep a query: whatever else has one got it from somebody who tracks links. */
function withSearch(path: string, search: string): string {
  return path.startsWith(`${ADMIN}/`) && search.length > 1 ? path + search : path
}

function adminPage(whole: string): Route {
  const [path = '', search = ''] = whole.split('?', 2)
  const [, , page = 'users', id = null, ...rest] = path.split('/')
  if (rest.length > 0 || (id !== null && !ADMIN_ID.test(id))) return { screen: 'not-found' }
  return { screen: 'admin', page, id, search }
}

function accountLink(path: '/setup' | '/welcome', token: string): Route {
  const whole = TOKEN.test(token)
  if (path === '/setup') return whole ? { screen: 'setup', token } : { screen: 'setup-incomplete' }
  return whole ? { screen: 'welcome', token } : { screen: 'welcome-incomplete' }
}

/** Null when the fragment was cut or altered: joining with half a link would look like a server's fault. */
export function parseFragment(fragment: string): MeetingSecrets | null {
  if (fragment === '') return { pin: null, linkSecret: null }
  const [, pin, linkSecret = '-'] = FRAGMENT.exec(fragment) ?? []
  if (pin === undefined) return null
  return { pin, linkSecret: linkSecret === '-' ? null : linkSecret }
}

/**
 * The fragment of an entry: the address's own, else the one kept when it was taken out of the address.
 * A kept fragment counts for its own path only.
 */
export function fragmentOf(path: string, hash: string, state: unknown): string {
  if (hash.length > 1) return hash.slice(1)
  return isKept(state) && state.path === path ? state.fragment : ''
}

/** An address of this origin as it is kept in the history. */
export function splitHref(href: string, origin: string): Kept {
  const { pathname, hash, search } = new URL(href, origin)
  const { path, fragment } = mendAddress(pathname, hash.slice(1))
  return { path: withSearch(path, search), fragment }
}

function isKept(state: unknown): state is Kept {
  return (
    typeof state === 'object' &&
    state !== null &&
    'path' in state &&
    'fragment' in state &&
    typeof state.fragment === 'string'
  )
}
