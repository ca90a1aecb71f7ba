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
  accounts: '/accounts',
} as const
