/**
 * The worker's entry: answers the page's calls, takes its notices, and attaches transforms.
 *
 * Errors cross as codes only. An exception here can stop frames but never let one through unsealed.
 */
import { E2eeError, codeOf } from './errors.ts'
import { loadIdentity, proveDevice, type Identity } from './trust/identity.ts'
import { chooseKem } from './keys/kem.ts'
import { verifyKeySet } from './trust/key-set.ts'
import { openStore } from './trust/open-store.ts'
import type { Store } from './trust/store.ts'
import type { Calls, CallType } from './calls.ts'
import type { WorkerEvent } from './events.ts'
import type { FromWorker, Notice, ToWorker } from './protocol.ts'
import { receivedAt, systemClock } from './clock.ts'
import type { Session } from './session/session.ts'
import { startSession } from './session/start.ts'
import { Transforms } from './session/transforms.ts'
import type { Transformer } from './transform/encoded.ts'

const scope = globalThis as unknown as DedicatedWorkerGlobalScope
const device = openDevice()
const kem = chooseKem()
let session: Session | null = null
let starting = false

const transforms = new Transforms({
  session: () => session,
  emit,
  now: () => systemClock.now(),
})

const CALLS = {
  'prove-device': async (request) => {
    const { identity } = await device
    return { proof: await proveDevice(identity, request) }
  },
  start: async (request) => {
    // Taken now: what is awaited below makes the token older.
    const tokenReceivedAt = receivedAt(systemClock, request.tokenAgeMs)
    // Two sessions at once would share transforms; the page must close one first.
    if (session !== null || starting) throw new E2eeError('E_STATE')
    starting = true
    try {
      const { identity, store } = await device
      const keysArrived = transforms.keysArrived.bind(transforms)
      const heldBack = transforms.heldBack.bind(transforms)
      const authenticity = transforms.authenticity.bind(transforms)
      const deps = {
        identity,
        store,
        emit: emitOfSession,
        keysArrived,
        heldBack,
        authenticity,
        clock: systemClock,
        kem: await kem,
      }
      const started = await startSession({ ...request, tokenReceivedAt }, deps)
      session = started.session
      return started.reply
    } finally {
      starting = false
    }
  },
  'remembered-server': async ({ tmmsOrigin }) => {
    const { store } = await device
    return { pinSince: (await store.pin(tmmsOrigin))?.since ?? null }
  },
  'check-server': async ({ tmmsOrigin: origin, keySet, pin }) => {
    const { store } = await device
    if (pin === null && (await store.pin(origin)) === undefined) return {}
    await verifyKeySet({ origin, keySet, pin, nowMs: Date.now() }, store)
    return {}
  },
  'prove-to-tcs': async (request) => opened().server.prove(request),
  'check-tcs': async (request) => {
    await opened().server.check(request)
    return {}
  },
  'check-transport': async (request) => {
    await opened().server.checkTransport(request)
    return {}
  },
  'new-token': async (request) => {
    await opened().newToken(request)
    return {}
  },
  publish: async ({ streams }) => {
    await opened().publish(streams)
    return {}
  },
  'remove-member': async ({ memberId }) => {
    await opened().features.moderation.removeMember(memberId)
    return {}
  },
  'safety-number': async ({ memberId }) => opened().deviceTrust.safetyNumber(memberId),
  'verify-member': async ({ memberId, verified }) => {
    await opened().deviceTrust.verifyMember(memberId, verified)
    return {}
  },
  'accept-device': async ({ memberId }) => {
    await opened().deviceTrust.acceptDevice(memberId)
    return {}
  },
  lock: async ({ locked }) => {
    await opened().features.moderation.lock(locked)
    return {}
  },
  'start-code': async () => {
    await opened().features.meetingCode.start()
    return {}
  },
  'judge-code': async ({ equal }) => {
    await opened().features.meetingCode.judge(equal)
    return {}
  },
  chat: async ({ text }) => {
    await opened().features.chat.send(text)
    return {}
  },
  stats: () => {
    const own = session?.sender.inUse(systemClock.now())
    const { generation = null, step = null, keyAgeMs = null } = own ?? {}
    return Promise.resolve({ transforms: transforms.stats(), generation, step, keyAgeMs })
  },
  close: async () => {
    const closing = session
    session = null
    await closing?.close()
    return {}
  },
} satisfies { [T in CallType]: (request: Calls[T]['request']) => Promise<Calls[T]['reply']> }

const NOTICES = {
  signal: ({ from, bytes }) => session?.receive(from, bytes),
  roster: ({ memberIds }) => session?.connections.roster(memberIds),
  joined: ({ memberId }) => session?.connections.joined(memberId),
  departed: ({ memberId, reason }) => session?.connections.departed(memberId, reason),
  cut: () => session?.connections.cut(),
  detached: ({ consumerId }) => transforms.detach(consumerId),
} satisfies { [T in Notice['type']]: (notice: Extract<Notice, { type: T }>) => void }

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'call') void answer(data.id, data.call, data.request)
  else if (Object.hasOwn(NOTICES, data.type)) {
    const take = NOTICES[data.type] as (notice: Notice) => void
    take(data)
  }
}

scope.addEventListener('rtctransform', (event) => {
  const { transformer } = event as Event & { transformer: Transformer & { options?: unknown } }
  try {
    transforms.attach(transformer, transformer.options)
  } catch (error) {
    emit({ type: 'warning', code: codeOf(error), memberId: null })
  }
})

async function answer(id: number, call: CallType, request: unknown): Promise<void> {
  try {
    if (!Object.hasOwn(CALLS, call)) throw new E2eeError('E_STATE')
    const run = CALLS[call] as (request: unknown) => Promise<unknown>
    post({ type: 'reply', id, reply: await run(request) })
  } catch (error) {
    post({ type: 'failed', id, code: codeOf(error) })
  }
}

async function openDevice(): Promise<{ store: Store; identity: Identity }> {
  const store = await openStore()
  return { store, identity: await loadIdentity(store) }
}

function opened(): Session {
  if (session === null) throw new E2eeError('E_STATE')
  return session
}

/** The page asks the encoders that cannot be asked from here. */
function emitOfSession(event: WorkerEvent): void {
  if (event.type !== 'key-frame-wanted' || !transforms.askEncoder(event.streamIdx)) emit(event)
}

function emit(event: WorkerEvent): void {
  post(event)
}

function post(message: FromWorker): void {
  scope.postMessage(message)
}
