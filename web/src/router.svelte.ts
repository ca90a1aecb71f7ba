/** Where the person is: the address bar, the history and the current screen in step. */
import { readEntry, splitHref, type Kept, type Route } from './route.ts'

/** Asks the person who is about to lose something; `go` moves on. */
export type Guard = (go: () => void) => void

export class Router {
  #route: Route = $state.raw({ screen: 'home' })
  /** Grows with every move, so that one screen shown twice in a row starts afresh. */
  #visit = $state.raw(0)
  /** The address of this screen. */
  #kept: Kept = { path: '/', fragment: '' }
  #guard: Guard | null = null
  #told: string | null = null

  get route(): Route {
    return this.#route
  }

  get visit(): number {
    return this.#visit
  }

  /** What the screen before says here of what was done there. */
  get told(): string | null {
    return this.#told
  }

  /** Path and fragment of this screen, as `go` takes them. */
  get href(): string {
    const { path, fragment } = this.#kept
    return fragment === '' ? path : `${path}#${fragment}`
  }

  /** Reads the address, now and whenever the browser changes it. Returns what ends that. */
  open(): () => void {
    this.#read()
    const moved = (): void => this.#moved()
    window.addEventListener('popstate', moved)
    return () => window.removeEventListener('popstate', moved)
  }

  /** Moves to an address of this origin; a fragment never reaches the address bar. */
  go(href: string): void {
    this.leave(() => this.#go(splitHref(href, location.origin)))
  }

  /** Moves on from a screen that has done its work, so that no guard asks; `told` is said where it leads. */
  finish(href: string, told: string | null = null): void {
    this.#guard = null
    this.#go(splitHref(href, location.origin), told)
  }

  /** Names what this screen shows now, in the address and the history; the screen stays as it is. */
  note(href: string): void {
    const kept = splitHref(href, location.origin)
    if (kept.path === this.#kept.path) return
    history.pushState(kept, '', kept.path)
    this.#kept = kept
    this.#route = readEntry(location.pathname, location.hash, kept, location.search).route
  }

  /** From now on this screen is left only after `guard` has asked. Returns what ends that. */
  guard(guard: Guard): () => void {
    this.#guard = guard
    return () => {
      if (this.#guard === guard) this.#guard = null
    }
  }

  /** Does what makes this screen go away, at once or when its guard lets it. */
  leave(go: () => void): void {
    if (this.#guard === null) go()
    else
      this.#guard(() => {
        this.#guard = null
        go()
      })
  }

  /** Lets links inside the page move without loading it again; every other click stays the browser's. */
  follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.origin !== location.origin || link.target !== '' || link.hasAttribute('download'))
      return
    // A link within the page (the skip link) is the browser's too.
    if (link.getAttribute('href')?.startsWith('#') === true) return
    event.preventDefault()
    this.go(link.href)
  }

  #go(kept: Kept, told: string | null = null): void {
    history.pushState(kept, '', kept.path)
    this.#read(told)
    window.scrollTo(0, 0)
  }

  /** The browser's Back and Forward. */
  #moved(): void {
    if (this.#guard === null) {
      this.#read()
      return
    }
    const wanted = readEntry(location.pathname, location.hash, history.state, location.search).kept
    // The address has changed already: until the person has decided it says again where they are.
    history.pushState(this.#kept, '', this.#kept.path)
    this.leave(() => this.#go(wanted))
  }

  #read(told: string | null = null): void {
    const { kept, route } = readEntry(
      location.pathname,
      location.hash,
      history.state,
      location.search,
    )
    this.#kept = kept
    const { path } = kept
    if (path.startsWith('/j/') || path === '/setup' || path === '/welcome') {
      // B6: nobody who looks at the screen or the history shall see the secret.
      history.replaceState(kept, '', path)
    }
    this.#set(route, told)
  }

  #set(route: Route, told: string | null): void {
    // The same link opened again over a running call changes nothing.
    if (this.#visit > 0 && JSON.stringify(route) === JSON.stringify(this.#route)) return
    this.#told = told
    this.#route = route
    this.#visit += 1
  }
}
