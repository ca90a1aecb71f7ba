import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Admission, Answer, PeerId } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'
import { Signal, type EventHandlers, type SignalOptions, type SocketLike } from './signal.ts'

type Listener = (...args: unknown[]) => void

class FakeSocket implements SocketLike {
  readonly #listeners = new Map<string, Listener>()
  readonly sent: { event: string; args: unknown[] }[] = []
  disconnected = false

  on(event: string, listener: (...args: never[]) => void): void {
    this.#listeners.set(event, listener as Listener)
  }

  emit(event: string, ...args: unknown[]): void {
    this.sent.push({ event, args })
  }

  disconnect(): void {
    this.disconnected = true
  }

  hear(event: string, ...args: unknown[]): void {
    this.#listeners.get(event)?.(...args)
  }

  answer(event: string, answer: Answer<unknown>, nth = 0): void {
    const message = this.sent.filter((sent) => sent.event === event)[nth]
    const callback = message?.args.at(-1) as (answer: Answer<unknown>) => void
    callback(answer)
  }
}

const admission = {
  peerId: 'a'.repeat(32),
  identity: { kid: 'kid', signature: new Uint8Array([7]).buffer },
} as unknown as Admission
const challenge = { challenge: new ArrayBuffer(32), tcsOrigin: 'https://tcs.example' }

function open(over: Partial<SignalOptions> = {}) {
  const socket = new FakeSocket()
  const handlers = {
    'e2ee-message': vi.fn(),
    'peer-joined': vi.fn(),
    goodbye: vi.fn(),
  }
  const onCut = vi.fn()
  const prove = vi.fn().mockResolvedValue({ token: 't' })
  const check = vi.fn().mockResolvedValue({})
  const opening = Signal.open({
    origin: 'https://tcs.example',
    prove,
    check,
    handlers: handlers as unknown as EventHandlers,
    onCut,
    connect: () => socket,
    ...over,
  })
  opening.catch(() => undefined)
  return { socket, handlers, onCut, prove, check, opening }
}

async function authenticated(over: Partial<SignalOptions>, data: unknown = admission) {
  const all = open(over)
  all.socket.hear('challenge', challenge)
  await vi.advanceTimersByTimeAsync(0)
  all.socket.answer('authenticate', { ok: true, data })
  await vi.advanceTimersByTimeAsync(0)
  return all
}

async function opened() {
  const all = open()
  all.socket.hear('challenge', challenge)
  await vi.advanceTimersByTimeAsync(0)
  all.socket.answer('authenticate', { ok: true, data: admission })
  const { signal } = await all.opening
  return { ...all, signal }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a connection to the TCS', () => {
  it('answers the challenge with a proof and is open when that is accepted', async () => {
    const { signal, prove, socket } = await opened()
    expect(signal.state).toBe('open')
    expect(prove).toHaveBeenCalledWith({
      challenge: new Uint8Array(32),
      tcsOrigin: 'https://tcs.example',
    })
    expect(socket.sent[0]).toMatchObject({
      event: 'authenticate',
      args: [{ token: 't' }, expect.any(Function)],
    })
  })

  it('answers one challenge only, so that the TCS cannot collect signatures', async () => {
    const { socket, prove } = await opened()
    socket.hear('challenge', challenge)
    await vi.advanceTimersByTimeAsync(0)
    expect(prove).toHaveBeenCalledTimes(1)
  })

  it('is refused with the code of the TCS', async () => {
    const { socket, opening, onCut } = open()
    socket.hear('challenge', challenge)
    await vi.advanceTimersByTimeAsync(0)
    socket.answer('authenticate', { ok: false, code: 'token-in-use' })
    await expect(opening).rejects.toMatchObject({ code: 'token-in-use' })
    expect(onCut).not.toHaveBeenCalled()
    expect(socket.disconnected).toBe(true)
  })

  it('gives up on a server that never challenges', async () => {
    const { opening, socket } = open()
    await vi.advanceTimersByTimeAsync(15_000)
    await expect(opening).rejects.toMatchObject({ code: 'timeout' })
    expect(socket.disconnected).toBe(true)
  })

  it('passes on that the proof could not be made', async () => {
    const prove = vi.fn().mockRejectedValue(new CallError('E_STATE'))
    const { socket, opening } = open({ prove })
    socket.hear('challenge', challenge)
    await expect(opening).rejects.toMatchObject({ code: 'E_STATE' })
  })

  it('hears no event before it is open', async () => {
    const { socket, handlers } = open()
    socket.hear('event', 'peer-joined', { peerId: 'x' })
    await vi.advanceTimersByTimeAsync(0)
    expect(handlers['peer-joined']).not.toHaveBeenCalled()
  })

  it('hands key messages over as bytes, and ignores events it does not know', async () => {
    const { socket, handlers } = await opened()
    socket.hear('event', 'e2ee-message', {
      from: 'b' as PeerId,
      bytes: new Uint8Array([1, 2]).buffer,
    })
    socket.hear('event', 'constructor', {})
    socket.hear('event', 'new-in-a-later-version', {})
    expect(handlers['e2ee-message']).toHaveBeenCalledWith({
      from: 'b',
      bytes: new Uint8Array([1, 2]),
    })
  })
})

describe('the proof of the TCS', () => {
  it('is checked for the origin that was called before anything is asked', async () => {
    const { check, signal } = await opened()
    const signature = new Uint8Array([7])
    expect(check).toHaveBeenCalledWith({
      tcsOrigin: 'https://tcs.example',
      kid: 'kid',
      signature,
    })
    expect(signal.state).toBe('open')
  })

  it('M6 ends the connection when it is refused: nothing was asked, nothing heard', async () => {
    const check = vi.fn().mockRejectedValue(new CallError('E_TCS'))
    const { socket, opening, handlers, onCut } = await authenticated({ check })
    await expect(opening).rejects.toMatchObject({ code: 'E_TCS' })
    socket.hear('event', 'peer-joined', { peerId: 'x' })
    expect(socket.disconnected).toBe(true)
    expect(socket.sent.map(({ event }) => event)).toEqual(['authenticate'])
    expect(handlers['peer-joined']).not.toHaveBeenCalled()
    expect(onCut).not.toHaveBeenCalled()
  })

  it('M6 is waited for: events that come before it are not heard', async () => {
    const check = vi.fn().mockReturnValue(new Promise(() => undefined))
    const { socket, handlers } = await authenticated({ check })
    socket.hear('event', 'peer-joined', { peerId: 'x' })
    expect(handlers['peer-joined']).not.toHaveBeenCalled()
  })

  it('M6 may not be missing', async () => {
    const { opening, check } = await authenticated({}, { ...admission, identity: undefined })
    await expect(opening).rejects.toMatchObject({ code: 'E_TCS' })
    expect(check).not.toHaveBeenCalled()
  })

  it('M6 is not asked for by a TCS that speaks for another origin', async () => {
    const { socket, opening, prove } = open()
    socket.hear('challenge', { ...challenge, tcsOrigin: 'https://other.example' })
    await expect(opening).rejects.toMatchObject({ code: 'E_TCS' })
    expect(prove).not.toHaveBeenCalled()
  })
})

describe('a request', () => {
  it('resolves with the data, and rejects with the code of a refusal', async () => {
    const { signal, socket } = await opened()
    const good = signal.ask('restart-ice', { transportId: 't' })
    const bad = signal.ask('leave', {})
    socket.answer('request', { ok: true, data: { iceParameters: {} } }, 0)
    socket.answer('request', { ok: false, code: 'not-found' }, 1)
    await expect(good).resolves.toEqual({ iceParameters: {} })
    await expect(bad).rejects.toMatchObject({ code: 'not-found' })
  })

  it('without an answer within ten seconds means that the connection is dead', async () => {
    const { signal, onCut } = await opened()
    const asked = signal.ask('leave', {})
    asked.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    await expect(asked).rejects.toMatchObject({ code: 'timeout' })
    expect(onCut).toHaveBeenCalledExactlyOnceWith('disconnected')
    expect(signal.state).toBe('closed')
  })

  it('is rejected at once when the connection is cut, and after it', async () => {
    const { signal, socket, onCut } = await opened()
    const asked = signal.ask('leave', {})
    socket.hear('disconnect')
    await expect(asked).rejects.toMatchObject({ code: 'disconnected' })
    await expect(signal.ask('leave', {})).rejects.toMatchObject({ code: 'disconnected' })
    expect(onCut).toHaveBeenCalledExactlyOnceWith('disconnected')
  })
})

describe('the end of a connection', () => {
  it('is told with the last word of the TCS', async () => {
    const { socket, onCut } = await opened()
    socket.hear('event', 'goodbye', { code: 'replaced' })
    socket.hear('disconnect')
    expect(onCut).toHaveBeenCalledExactlyOnceWith('replaced')
  })

  it('is not told when it was wanted, and can be wanted twice', async () => {
    const { signal, socket, onCut } = await opened()
    signal.close()
    signal.close()
    socket.hear('disconnect')
    expect(onCut).not.toHaveBeenCalled()
    expect(socket.disconnected).toBe(true)
  })
})
