/** Whose page this is: every request says so, and the server does nothing in another name. */

/** As long as the page lives there is one, and what is asked is asked for it, wherever that is. */
let believed: string | null = null

export function actAs(account: string | null): void {
  believed = account
}

export function inWhoseName(): string | null {
  return believed
}
