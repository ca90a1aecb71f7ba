/**
 * Opens a session: checks the key set against the pin, our own token against the key set, then makes our first HELLO.
 */
import { base64url } from 'jose'
import { E2eeError } from '../errors.ts'
import type { Identity } from '../trust/identity.ts'
import type { Kem } from '../keys/kem.ts'
import { verifyKeySet, type Trust } from '../trust/key-set.ts'
import { derivePsk } from '../keys/pair.ts'
import type { Store } from '../trust/store.ts'
import { suiteOf, verifyToken, type Claims, type TokenRules } from '../trust/token.ts'
import type { Bytes } from '../wire.ts'
import type { StartReply, StartRequest } from '../calls.ts'
import { TmmsTime, type MonotonicMs } from '../clock.ts'
import { Me } from './members/me.ts'
import type { Opening } from './context.ts'
import { Session, type SessionDeps } from './session.ts'

export interface StartDeps extends SessionDeps {
  readonly store: Store
  readonly identity: Identity
  readonly kem: Kem
}

/** What the page hands over, with the age of the token turned into a moment. */
export interface SessionRequest extends Omit<StartRequest, 'tokenAgeMs'> {
  readonly tokenReceivedAt: MonotonicMs
}

/** @throws E2eeError E_PIN, E_PSK, E_JKT, E_SUITE or E_TOKEN_*. Nothing is sent before all checks passed. */
export async function startSession(
  request: SessionRequest,
  deps: StartDeps,
): Promise<{ readonly session: Session; readonly reply: StartReply }> {
  const { tmmsOrigin: origin, keySet, pin, mid, token } = request
  const trust = await verifyKeySet({ origin, keySet, pin, nowMs: Date.now() }, deps.store)
  const rules = { keys: trust.keys, issuer: origin, mid, msid: null, nowMs: null }
  const claims = await verifyToken(token, rules)
  const { identity, kem } = deps
  if (claims.jkt !== identity.jkt) throw new E2eeError('E_JKT')
  const suite = suiteOf(claims)
  const secret = linkSecretOf(request.linkSecret)
  if (claims.psk && secret === null) throw new E2eeError('E_PSK')
  // A secret that came with the link is used even when the token promises none: no TMMS can talk us out of it.
  const link = await derivePsk(secret, mid)
  secret?.fill(0)
  const me = await Me.create({ identity, kem, link, suite }, { token, claims })
  const opening = openingOf(
    me,
    { ...rules, msid: claims.msid },
    {
      ...{ ...deps, pin, tcsKeys: trust.tcsKeys },
      time: new TmmsTime(deps.clock, { iatS: claims.iat, receivedAt: request.tokenReceivedAt }),
    },
  )
  await me.renew(me.credential, { now: deps.clock.now(), tmmsNow: opening.time.now() })
  const reply = { ...replyOf(me, claims, trust), linkSecret: secret !== null }
  return { session: new Session(opening, deps), reply }
}

type OpeningParts = Pick<StartDeps, 'store'> &
  Pick<SessionRequest, 'pin'> &
  Pick<Trust, 'tcsKeys'> & { readonly time: TmmsTime }

function openingOf(me: Me, own: TokenRules, { store, time, pin, tcsKeys }: OpeningParts): Opening {
  let { keys } = own
  const tokenRules = (nowMs: number | null): TokenRules => ({ ...own, keys, nowMs })
  return {
    renewKeys: async (keySet) => {
      const request = { origin: own.issuer, keySet, pin, nowMs: Date.now() }
      keys = (await verifyKeySet(request, store)).keys
    },
    me,
    time,
    tcsKeys,
    devices: (sub, change) => store.changeDevices({ origin: own.issuer, sub }, change),
    tokenRules,
    helloRules: () => ({ suite: me.suite, token: tokenRules(time.now()), pskId: me.link.pskId }),
  }
}

function replyOf(me: Me, claims: Claims, trust: Trust): Omit<StartReply, 'linkSecret'> {
  const { sub, name, role, prm, vouch, policy } = claims
  const { pinSource, pinSince, rootChanged } = trust
  return {
    ...{ memberId: me.memberId, sub, name, role, prm, suite: me.suite },
    ...{ pinSource, pinSince, rootChanged, vouching: vouch, policy },
  }
}

function linkSecretOf(encoded: string | null): Bytes | null {
  if (encoded === null) return null
  try {
    return base64url.decode(encoded).slice()
  } catch (cause) {
    throw new E2eeError('E_PSK', { cause })
  }
}
