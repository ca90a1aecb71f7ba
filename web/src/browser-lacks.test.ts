import { expect, it } from 'vitest'
import { lackOf, type Surroundings } from './browser-lacks.ts'

const whole: Surroundings = {
  hostname: 'meet.example.org',
  secure: true,
  cookies: true,
  globals: { WebAssembly: {}, RTCPeerConnection: {}, RTCRtpScriptTransform: {} },
  store: () => Promise.resolve(),
}
const without = (name: string): Surroundings['globals'] => ({ ...whole.globals, [name]: undefined })

it('a current browser on a named server lacks nothing', async () => {
  expect(await lackOf(whole)).toBeNull()
  expect(await lackOf({ ...whole, hostname: 'localhost' })).toBeNull()
})

it.each([
  ['address', { hostname: '192.0.2.7' }],
  ['address', { hostname: '[2001:db8::7]' }],
  ['insecure', { secure: false }],
  ['cookies', { cookies: false }],
  ['wasm', { globals: without('WebAssembly') }],
  ['storage', { store: () => Promise.reject(new DOMException('SecurityError')) }],
  ['webrtc', { globals: without('RTCPeerConnection') }],
  ['encryption', { globals: without('RTCRtpScriptTransform') }],
] as const)('%s is found', async (lack, change) => {
  expect(await lackOf({ ...whole, ...change })).toBe(lack)
})

it('of several lacks the one that must be mended first is named', async () => {
  const bare = { ...whole, secure: false, cookies: false, globals: {} }
  expect(await lackOf(bare)).toBe('insecure')
})

it('storage that throws at once is storage that is missing', async () => {
  const throws = async (): Promise<void> => {
    await Promise.resolve()
    throw new TypeError('indexedDB is undefined')
  }
  expect(await lackOf({ ...whole, store: throws })).toBe('storage')
})
