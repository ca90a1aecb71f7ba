/** Where the person is: the address bar, the history and the current screen in step. */
import { fragmentOf, parseRoute, splitHref, type Kept, type Route } from './route.ts'

export class Router {
  #route: Route = $state.raw({ screen: 'home' })
  /** Grows with every move, so that one screen shown twice in a row starts afresh. */
  #visit = $state.raw(0)

  get route(): Route {
    return this.#route
  }

  get visit(): number {
    return this.#visit
  }

  /** Reads the address, now and whenever the browser changes it. Returns what ends that. */
  open(): () => void {
    this.#read()
    const read = (): void => this.#read()
    window.addEventListener('popstate', read)
    return () => window.removeEventListener('popstate', read)
  }

  /** Moves to an address of this origin; a fragment never reaches the address bar. */
  go(href: string): void {
    const kept = splitHref(href, location.origin)
    history.pushState(kept, '', kept.path)
    this.#read()
    window.scrollTo(0, 0)
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

  #read(): void {
    const { pathname, hash } = location
    const fragment = fragmentOf(pathname, hash, history.state)
    const secret = pathname.startsWith('/j/') || pathname === '/setup' || pathname === '/welcome'
    if (secret) {
      // B6: nobody who looks at the screen or the history shall see the secret.
      const kept: Kept = { path: pathname, fragment }
      history.replaceState(kept, '', pathname)
    }
    this.#set(parseRoute(pathname, secret ? fragment : ''))
  }

  #set(route: Route): void {
    // The same link opened again over a running call changes nothing.
    if (this.#visit > 0 && JSON.stringify(route) === JSON.stringify(this.#route)) return
    this.#route = route
    this.#visit += 1
  }
}
