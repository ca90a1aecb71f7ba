/** What a route is made of: who may call it, what its body looks like, and what it does. */
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { MeetingId, Route, Routes } from '../contract.ts'
import type { Context } from '../domain/context.ts'
import type { Joining } from '../domain/meetings/join.ts'
import type { KeyRing } from '../domain/keys/key-ring.ts'
import type { PasswordResets } from '../domain/accounts/reset.ts'
import type { SignIn } from '../domain/sign-in/sign-in.ts'
import type { AccountRecord } from '../store/accounts.ts'

/** Everything that handlers call. */
export interface Services {
  readonly context: Context
  readonly signIn: SignIn
  readonly resets: PasswordResets
  readonly joining: Joining
  readonly keys: KeyRing
  readonly version: string
}

export interface Call<R extends Route> {
  readonly services: Services
  readonly request: Request
  readonly response: Response
  readonly body: Routes[R]['request']
}

interface SignedInCall<R extends Route> extends Call<R> {
  readonly account: AccountRecord
  /** The path's `:id`; empty where the path has none. */
  readonly id: MeetingId
}

type BodySchema<R extends Route> = [Routes[R]['request']] extends [never]
  ? null
  : z.ZodType<Routes[R]['request']>
type Reply<R extends Route> = Promise<Routes[R]['reply']>

export type Endpoint<R extends Route> =
  | {
      readonly who: 'anyone'
      readonly body: BodySchema<R>
      readonly handle: (call: Call<R>) => Reply<R>
    }
  | {
      /** `planner`: organisers and administrators. */
      readonly who: 'signed-in' | 'planner' | 'administrator'
      readonly body: BodySchema<R>
      readonly handle: (call: SignedInCall<R>) => Reply<R>
    }

export type Endpoints = { readonly [R in Route]: Endpoint<R> }

/** Gives a route's description its type where it is written. */
export function endpoint<R extends Route>(description: Endpoint<R>): Endpoint<R> {
  return description
}
