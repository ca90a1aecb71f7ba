/** What a route does, besides what the contract says of it. */
import type { Request, Response } from 'express'
import type { Received, Reply, Route, ROUTES, WhoOf } from '../contract/routes.ts'
import type { Actor, Person } from '../domain/audit/actor.ts'
import type { AuditLog } from '../domain/audit/checkpoint.ts'
import type { PasswordResets } from '../domain/accounts/reset.ts'
import type { Context } from '../domain/context.ts'
import type { KeyRing } from '../domain/keys/key-ring.ts'
import type { MailSending } from '../domain/mail/mail-desk.ts'
import type { Joining } from '../domain/meetings/join.ts'
import type { Bearers } from '../domain/api-tokens/bearer.ts'
import type { SignIn } from '../domain/sign-in/sign-in.ts'
import type { SystemSource } from '../domain/system/system.ts'
import type { AccountRecord } from '../store/accounts.ts'

/** Everything that handlers call. */
export interface Services {
  readonly context: Context
  readonly signIn: SignIn
  readonly bearers: Bearers
  readonly resets: PasswordResets
  readonly joining: Joining
  readonly keys: KeyRing
  readonly log: AuditLog
  readonly mail: MailSending
  readonly version: string
  readonly system: SystemSource
  /** When this started, milliseconds since the epoch. */
  readonly since: number
}

export interface Call<R extends Route> {
  readonly services: Services
  readonly request: Request
  readonly response: Response
  /** Who asks, from where. */
  readonly actor: Actor
  readonly path: Received<R, 'path'>
  readonly query: Received<R, 'query'>
  readonly body: Received<R, 'body'>
  /** The body of a route that takes a picture. */
  readonly bytes: RawBody<R>
}

type RawBody<R extends Route> = (typeof ROUTES)[R] extends { readonly rawMaxBytes: number }
  ? Buffer
  : undefined

interface SignedInCall<R extends Route> extends Call<R> {
  readonly actor: Person
  readonly account: AccountRecord
}

/** Who may call it stands in the contract. */
export interface Endpoint<R extends Route> {
  readonly handle: (
    call: WhoOf<R> extends 'anyone' ? Call<R> : SignedInCall<R>,
  ) => Promise<Reply<R>>
}

export type Endpoints = { readonly [R in Route]: Endpoint<R> }

/** Gives a route's description its type where it is written. */
export function endpoint<R extends Route>(description: Endpoint<R>): Endpoint<R> {
  return description
}
