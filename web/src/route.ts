/** Turns addresses into screens and back. Secrets arrive in the fragment and are taken out of it at once. */

/** What a meeting link's fragment carries: `v1.<root thumbprint>.<link secret or ->` (43 characters each). */
export interface MeetingSecrets {
  /** RFC 7638 thumbprint of the TMMS root key that made the link; null when the link came without a fragment. */
  readonly pin: string | null
  readonly linkSecret: string | null
}

export type Route =
  | { readonly screen: 'home' | 'sign-in' | 'reset' | 'plan' | 'accounts' | 'not-found' }
  | { readonly screen: 'setup' | 'welcome'; readonly token: string }
  | { readonly screen: 'meeting'; readonly id: string }
  | ({ readonly screen: 'join'; readonly mid: string } & MeetingSecrets)
  | { readonly screen: 'join-incomplete' }

/** Kept in the history entry, so that a reload still knows it although the address bar no longer shows it. */
export interface Kept {
  readonly path: string
  readonly fragment: string
}

const ID = /^[A-Za-z0-9_-]{16,64}$/
// 32 bytes in base64url: the last of 43 characters carries four bits only, so 16 values are canonical (RFC 4648 3.5).
const FRAGMENT =
  /^v1\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\.(-|[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/

const FIXED: Readonly<Record<string, Route>> = {
  '/': { screen: 'home' },
  '/sign-in': { screen: 'sign-in' },
  '/reset': { screen: 'reset' },
  '/meetings/new': { screen: 'plan' },
  '/accounts': { screen: 'accounts' },
}

/** `fragment` is without its `#`. */
export function parseRoute(path: string, fragment: string): Route {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined
  if (fixed !== undefined) return fixed
  if (path === '/setup') return { screen: 'setup', token: fragment }
  if (path === '/welcome') return { screen: 'welcome', token: fragment }
  const [, first, id = '', ...rest] = path.split('/')
  if (rest.length > 0 || !ID.test(id))
    return { screen: first === 'j' ? 'join-incomplete' : 'not-found' }
  if (first === 'meetings') return { screen: 'meeting', id }
  if (first !== 'j') return { screen: 'not-found' }
  const secrets = parseFragment(fragment)
  return secrets === null ? { screen: 'join-incomplete' } : { screen: 'join', mid: id, ...secrets }
}

/** Null when the fragment was cut or altered: joining with half a link would look like a server's fault. */
export function parseFragment(fragment: string): MeetingSecrets | null {
  if (fragment === '') return { pin: null, linkSecret: null }
  const [, pin, linkSecret] = FRAGMENT.exec(fragment) ?? []
  if (pin === undefined || linkSecret === undefined) return null
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
  const { pathname, hash } = new URL(href, origin)
  return { path: pathname, fragment: hash.slice(1) }
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
