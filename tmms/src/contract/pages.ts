/** Paths of pages, used in mails and by the client's router. Secrets follow in the fragment. */

export const PAGES = {
  home: '/',
  signIn: '/sign-in',
  setup: '/setup',
  /** `#<token>`: account validation and password reset. */
  link: '/welcome',
  /** `/j/<mid>#v1.<root thumbprint>[.<link secret>]` */
  join: '/j/',
  plan: '/meetings/new',
} as const

/** Every page of the client, as patterns of Express: people reload them and keep bookmarks. */
export const PAGE_PATHS = [
  ...Object.values(PAGES).filter((path) => path !== PAGES.join),
  `${PAGES.join}:id`,
  // Mail programs add a slash (docs/protocol.md section 1).
  `${PAGES.join}:id/`,
  '/reset',
  '/meetings/:id',
  '/meetings/:id/change',
  '/admin',
  '/admin/:page',
  '/admin/:page/:id',
] as const
