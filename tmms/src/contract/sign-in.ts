/** Passwords, sessions, and the links in mails, which sign in as well. */
import { z } from 'zod'
import { account, language, role } from './accounts.ts'
import { open, own } from './rights.ts'
import { bytes32, nothing, text, type RouteShape } from './route.ts'
import { passwordSettings } from './security.ts'

const scheme = z.strictObject({
  v: z.literal(1),
  kdf: z.literal('argon2id'),
  /** 16 bytes. */
  salt: z.string().min(22).max(64),
  /** KiB. */
  m: z.int().min(0).max(1_048_576),
  t: z.int().min(0).max(16),
  p: z.int().min(0).max(16),
})

/** Public parameters of the client-side hash (docs/accounts.md, "The password"). */
export const passwordParams = scheme.readonly()
export type PasswordParams = z.infer<typeof passwordParams>

/** What the client's hash yields: the credential itself, 32 bytes; the password never leaves the client. */
export const newCredential = scheme.extend({ auth: bytes32 }).readonly()
export type NewCredential = z.infer<typeof newCredential>

/** What an account-validation, setup or password-reset link is for. */
export const linkInfo = z
  .strictObject({
    purpose: z.enum(['setup', 'validate', 'reset']),
    /** Empty for `setup`: the administrator chooses it. */
    email: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    role,
    /** Fresh parameters with a new salt for the password about to be chosen. */
    params: passwordParams,
    /** What that password must be like. */
    rules: passwordSettings,
    /** Where to go afterwards (path and fragment), when the link came with a meeting. */
    next: z.string().nullable(),
  })
  .readonly()
export type LinkInfo = z.infer<typeof linkInfo>

export const signInRoutes = {
  'POST /api/links/read': {
    ...open,
    about: 'What an account-validation, setup or password-reset link is for.',
    body: z.strictObject({ token: bytes32 }),
    reply: linkInfo,
  },
  'POST /api/links/accept': {
    ...open,
    about:
      'Ends a setup, validate or reset link, and signs the person in. `email` only for `setup`.',
    body: z.strictObject({
      token: bytes32,
      email: text.exactOptional(),
      firstName: text,
      lastName: text,
      language,
      credential: newCredential,
    }),
    reply: z.strictObject({ account, next: z.string().nullable() }),
  },
  'POST /api/auth/params': {
    ...open,
    about: 'Salt and parameters for the hash of a password; made up for unknown addresses.',
    body: z.strictObject({ email: text }),
    reply: passwordParams,
  },
  'POST /api/auth/login': {
    ...open,
    about: 'Signs in with what the hash yielded.',
    body: z.strictObject({ email: text, v: z.literal(1), auth: bytes32, remember: z.boolean() }),
    reply: z.strictObject({ account }),
  },
  'GET /api/session': {
    ...open,
    about: 'Who is signed in in this browser; null when nobody is, which is no failure.',
    reply: z.strictObject({ account: account.nullable() }),
  },
  'POST /api/auth/logout': {
    ...open,
    about: 'Ends the session of this browser.',
    body: nothing,
    reply: nothing,
  },
  'POST /api/auth/logout-everywhere': {
    ...own,
    about:
      'Ends every session of this account, this one too, and every connection that any of its ' +
      'tokens opened.',
    body: nothing,
    reply: nothing,
  },
  'POST /api/auth/reset': {
    ...open,
    about:
      'Mails a link for a new password. Always the same answer, whether or not the account ' +
      'exists.',
    body: z.strictObject({ email: text }),
    reply: nothing,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
