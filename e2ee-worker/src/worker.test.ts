import 'fake-indexeddb/auto'
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AUDIO, Network, VIDEO, membersOf, type Node } from '../test/network.ts'
import { openFrame } from '../test/sealed-frames.ts'
import { TCS_ORIGIN } from '../test/tcs.ts'
import { MID, ORIGIN } from '../test/tmms.ts'
import type { Calls, CallType, StartReply } from './calls.ts'
import type { FromWorker, Notice, ToWorker } from './protocol.ts'
import { toHex } from './wire.ts'

/** Everything the worker ever said to the page, as data. */
const posted: FromWorker[] = []
/** Every secret made inside: random base keys, shared secrets, everything derived from them. */
const secrets: Uint8Array[] = []
const listeners = new Map<string, (event: unknown) => void>()
let network: Network
let other: Node
let memberId: string
let nextId = 1
const answers = new Map<number, (message: FromWorker) => void>()

function say(message: ToWorker): void {
  const { onmessage } = globalThis as unknown as { onmessage: (event: { data: ToWorker }) => void }
  onmessage({ data: structuredClone(message) })
}

/** The reply, or the code of the refusal. */
async function call<T extends CallType>(
  type: T,
  request: Calls[T]['request'],
): Promise<Calls[T]['reply'] | string> {
  const id = nextId++
  const answer = new Promise<FromWorker>((resolve) => answers.set(id, resolve))
  say({ type: 'call', id, call: type, request })
  const message = await answer
  if (message.type === 'reply') return message.reply as Calls[T]['reply']
  return message.type === 'failed' ? message.code : 'no answer'
}

/** The page: notes what the worker says, hands answers to their calls and the rest to the other member. */
function hear(message: FromWorker): void {
  posted.push(structuredClone(message))
  for (const { bytes } of sealedIn(message)) other.session.receive(memberId, bytes)
  if (message.type === 'reply' || message.type === 'failed') answers.get(message.id)?.(message)
}

function sealedIn(message: FromWorker): readonly { readonly bytes: Uint8Array }[] {
  if (message.type === 'send') return [message]
  return message.type === 'send-many' ? message.messages : []
}

beforeAll(async () => {
  const random = crypto.getRandomValues.bind(crypto)
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    const made = random(array)
    if (made instanceof Uint8Array && made.length === 64) secrets.push(made.slice())
    return made
  })
  const derive = crypto.subtle.deriveBits.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation(async (...args) => {
    const bits = await derive(...args)
    // Twelve bytes are a salt for nonces, eight are the public psk id.
    if (bits.byteLength >= 32) secrets.push(new Uint8Array(bits).slice())
    return bits
  })
  vi.stubGlobal('postMessage', hear)
  vi.stubGlobal('addEventListener', (type: string, listener: (event: unknown) => void) =>
    listeners.set(type, listener),
  )
  network = await Network.open()
  other = await network.join({
    start: { linkSecret: base64url.encode(new Uint8Array(32).fill(5)) },
  })
  // What the TCS does on the way back.
  const events = other.events
  vi.spyOn(events, 'push').mockImplementation((...added) => {
    for (const event of added) {
      for (const { bytes } of sealedIn(event)) say({ type: 'signal', from: other.id, bytes })
    }
    return Array.prototype.push.apply(events, added)
  })
  await import('./worker.ts')
})

afterAll(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function deviceThumbprint(): Promise<string> {
  const reply = await call('prove-device', { method: 'POST', url: `${ORIGIN}/api/x` })
  const { jwk } = decodeProtectedHeader((reply as { proof: string }).proof)
  return calculateJwkThumbprint(jwk as JWK)
}

describe('the worker', () => {
  it('answers nothing about a session before there is one', async () => {
    expect(await call('publish', { streams: [AUDIO] })).toBe('E_STATE')
    expect(await call('new-token', { token: 'x', tokenAgeMs: 0 })).toBe('E_STATE')
    expect(await call('chat', { text: 'x' })).toBe('E_STATE')
    expect(await call('start-code', {})).toBe('E_STATE')
    expect(await call('judge-code', { equal: true })).toBe('E_STATE')
    expect(await call('stats', {})).toEqual({
      ...{ transforms: [], generation: null, step: null, keyAgeMs: null },
    })
    expect(await call('toString' as CallType, {})).toBe('E_STATE')
    say({ type: 'constructor' } as unknown as Notice)
  })

  it('joins a session, sends keys, and has its frames opened', async () => {
    const jkt = await deviceThumbprint()
    const reply = (await call('start', {
      ...{ tmmsOrigin: ORIGIN, mid: MID, keySet: network.tmms.keySet, pin: network.tmms.pin },
      token: await network.token({ ...other.identity, jkt }),
      tokenAgeMs: 0,
      linkSecret: base64url.encode(new Uint8Array(32).fill(5)),
    })) as StartReply
    memberId = reply.memberId
    expect(reply).toMatchObject({ suite: 2, pinSource: 'link' })
    expect(await call('start', {} as Calls['start']['request'])).toBe('E_STATE')

    // Both hear of each other, as from the TCS.
    other.session.connections.joined(memberId)
    say({ type: 'roster', memberIds: [other.id] })
    expect(await call('publish', { streams: [AUDIO, VIDEO] })).toEqual({})
    expect(await call('stats', {})).toMatchObject({ generation: 0, step: 0 })
    expect(membersOf(other)).toMatchObject([{ memberId, streams: [AUDIO, VIDEO] }])
  })

  it('says since when it remembers a server, and remembers no other', async () => {
    const pinSince = expect.any(Number) as number
    expect(await call('remembered-server', { tmmsOrigin: ORIGIN })).toEqual({ pinSince })
    const other = { tmmsOrigin: 'https://other.example' }
    expect(await call('remembered-server', other)).toEqual({ pinSince: null })
  })

  it('H14 tells an impostor from the server that it remembers, and remembers no stranger', async () => {
    const { keySet, pin } = network.tmms
    const known = { tmmsOrigin: ORIGIN, pin: null }
    expect(await call('check-server', { ...known, keySet })).toEqual({})
    expect(await call('check-server', { ...known, pin, keySet })).toEqual({})
    const impostor = (await Network.open()).tmms
    expect(await call('check-server', { ...known, keySet: impostor.keySet })).toBe('E_PIN')
    expect(await call('check-server', { ...known, keySet, pin: impostor.pin })).toBe('E_PIN')
    const stranger = { tmmsOrigin: 'https://other.example', pin: null, keySet }
    expect(await call('check-server', stranger)).toEqual({})
    const remembered = await call('remembered-server', { tmmsOrigin: stranger.tmmsOrigin })
    expect(remembered).toEqual({ pinSince: null })
  })

  it('proves itself to a TCS, and believes that TCS alone which the TMMS certifies', async () => {
    const { tcs } = network.tmms
    const challenge = new Uint8Array(32)
    const asked = await call('prove-to-tcs', { challenge, tcsOrigin: TCS_ORIGIN })
    if (typeof asked === 'string') expect.unreachable(asked)
    expect([asked.ikPub, asked.nonce, asked.signature].map(({ length }) => length)).toEqual([
      65, 32, 64,
    ])
    const signature = tcs.signIdentity(asked, memberId)
    const answer = { tcsOrigin: TCS_ORIGIN, kid: tcs.kid, signature }
    expect(await call('check-tcs', { ...answer, signature: new Uint8Array(64) })).toBe('E_TCS')
    const shown = {
      ...{ transportId: 'x', direction: 'send' as const },
      fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
    }
    const transport = { ...shown, signature: tcs.signTransport(asked, shown) }
    expect(await call('check-transport', transport)).toBe('E_TCS')
    expect(await call('check-tcs', answer)).toEqual({})
    expect(await call('check-transport', transport)).toEqual({})
  })

  it('shows the safety number of a member, and remembers that people compared it', async () => {
    const shown = await call('safety-number', { memberId: other.id })
    expect(shown).toEqual(await other.session.deviceTrust.safetyNumber(memberId))
    const verified = { memberId: other.id, verified: true }
    expect(await call('verify-member', verified)).toEqual({})
    expect(await call('accept-device', { memberId: other.id })).toEqual({})
    const members = posted.findLast((message) => message.type === 'members')
    expect(members).toMatchObject({ members: [{ memberId: other.id, verification: 'verified' }] })
    const nobody = { memberId: 'ab'.repeat(16) }
    expect(await call('safety-number', nobody)).toBe('E_STATE')
    expect(await call('verify-member', { ...nobody, verified: true })).toBe('E_STATE')
    expect(await call('accept-device', nobody)).toBe('E_STATE')
  })

  it('sends and hears chat', async () => {
    expect(await call('chat', { text: 'Bonjour' })).toEqual({})
    expect(await call('chat', { text: '' })).toBe('E_LEN')
    await network.settle()
    expect(other.events.findLast(({ type }) => type === 'chat')).toMatchObject({
      ...{ from: memberId, own: false, text: 'Bonjour' },
    })
    const answer = other.session.features.chat.send('Bonsoir')
    await vi.waitFor(
      async () => {
        await network.advance(1000)
        expect(posted.findLast(({ type }) => type === 'chat')).toMatchObject({ text: 'Bonsoir' })
      },
      { timeout: 20_000 },
    )
    await answer
    const said = posted.filter((message) => message.type === 'chat')
    expect(said).toMatchObject([
      { own: true, from: memberId },
      { own: false, from: other.id },
    ])
  })

  it('runs the meeting code with the other, and passes on what people say of it', async () => {
    expect(await call('judge-code', { equal: true })).toBe('E_STATE')
    expect(await call('start-code', {})).toEqual({})
    const ours = () => posted.findLast((message) => message.type === 'code')?.run
    await vi.waitFor(
      async () => {
        await network.settle()
        expect(ours()?.state).toBe('shown')
      },
      { timeout: 20_000 },
    )
    expect(await call('judge-code', { equal: true })).toEqual({})
    await network.settle()
    expect(other.events.findLast(({ type }) => type === 'code')).toEqual({
      type: 'code',
      run: ours(),
    })
    expect(ours()).toMatchObject({ by: memberId, judgements: [{ memberId, equal: true }] })
  })

  it('seals what a transform reads, and lets nothing through without good options', async () => {
    const sealed = await through({ dir: 'encrypt', streamIdx: 0, kind: 'audio', codec: 'opus' })
    expect(sealed).toHaveLength(1)
    const frame = { owner: memberId, kind: 'audio' as const, prefix: new Uint8Array(0) }
    expect(await openFrame(other, { ...frame, body: sealed[0]! })).toBe('clear sound')
    for (const options of [
      undefined,
      null,
      {},
      { dir: 'passthrough' },
      { dir: 'encrypt', streamIdx: 0, kind: 'audio', codec: 'h264' },
      { dir: 'encrypt', streamIdx: 1, kind: 'audio', codec: 'opus' },
      { dir: 'encrypt', streamIdx: 0, kind: '__proto__', codec: 'opus' },
      { dir: 'decrypt', kind: 'audio', owner: memberId },
      { dir: 'encrypt', streamIdx: 15, kind: 'data', codec: 'none' },
      { dir: 'encrypt', streamIdx: 15, kind: 'data', codec: 'opus' },
      { dir: 'decrypt', kind: 'data', owner: memberId, consumerId: 'c' },
    ]) {
      expect(await through(options)).toEqual([])
    }
    expect(posted.filter((message) => message.type === 'warning')).not.toHaveLength(0)
  })

  it('B4 never says a key to the page', async () => {
    await call('close', {})
    expect(secrets.length).toBeGreaterThan(5)
    for (const message of posted) {
      const said = spelled(message)
      for (const secret of secrets)
        expect(said.some((text) => text.includes(toHex(secret)))).toBe(false)
    }
  })

  it('says no more after closing than that there is no session', async () => {
    expect(await call('publish', { streams: [AUDIO] })).toBe('E_STATE')
    expect(await through({ dir: 'encrypt', streamIdx: 0, kind: 'audio', codec: 'opus' })).toEqual(
      [],
    )
  })
})

/** Pushes one frame through a transform with these options; what comes out, if anything does. */
async function through(options: unknown): Promise<Uint8Array<ArrayBuffer>[]> {
  const out: Uint8Array<ArrayBuffer>[] = []
  const frame = { data: new TextEncoder().encode('clear sound').buffer }
  const readable = new ReadableStream({
    start(controller) {
      controller.enqueue(frame)
      controller.close()
    },
  })
  const ended = Promise.withResolvers<undefined>()
  const writable = new WritableStream<{ data: ArrayBuffer }>({
    write: ({ data }) => void out.push(new Uint8Array(data)),
    close: () => ended.resolve(undefined),
  })
  listeners.get('rtctransform')?.({ transformer: { readable, writable, options } })
  // A transform that was not attached never reads; its stream stays unlocked.
  if (readable.locked) await ended.promise
  return out
}

/** All byte strings and texts of a message, bytes as hex, texts also as the bytes they may stand for. */
function spelled(value: unknown): string[] {
  if (value instanceof Uint8Array) return [toHex(value)]
  if (typeof value === 'string') {
    const parts = value.split('.').filter((part) => /^[A-Za-z0-9_-]+$/.test(part))
    return [
      value.toLowerCase(),
      ...parts.map((part) => Buffer.from(part, 'base64url').toString('hex')),
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(spelled)
}
