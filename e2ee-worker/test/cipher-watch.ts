/** Watches WebCrypto from outside: which key sealed with which nonce, and which base keys were ever made. */
import { vi } from 'vitest'
import { toHex } from '../src/wire.ts'

export interface CipherWatch {
  /** Pairs of key and nonce that sealed twice; must stay empty. */
  readonly repeated: readonly string[]
  /** How many times anything was sealed. */
  readonly sealed: number
  restore(): void
}

/** Keys are told apart by what they were made of, so that one key imported twice is still one key. */
export function watchCipher(): CipherWatch {
  const { subtle } = crypto
  const names = new WeakMap<CryptoKey, string>()
  const used = new Set<string>()
  const repeated: string[] = []
  const importKey = subtle.importKey.bind(subtle) as (...args: unknown[]) => Promise<CryptoKey>
  const deriveKey = subtle.deriveKey.bind(subtle)
  const encrypt = subtle.encrypt.bind(subtle)
  const spies = [
    vi.spyOn(subtle, 'importKey').mockImplementation(async (...args: unknown[]) => {
      const [format, bytes] = args
      // Read before anything is awaited: callers erase what they pass.
      const name = format === 'raw' ? toHex(new Uint8Array(bytes as Uint8Array)) : ''
      const key = await importKey(...args)
      if (name !== '') names.set(key, name)
      return key
    }),
    vi.spyOn(subtle, 'deriveKey').mockImplementation(async (...args) => {
      const [params, base] = args
      const { info } = params as HkdfParams
      const key = await deriveKey(...args)
      names.set(key, `${names.get(base) ?? '?'} ${toHex(info as Uint8Array)}`)
      return key
    }),
    vi.spyOn(subtle, 'encrypt').mockImplementation((...args) => {
      const [params, key] = args
      const use = `${names.get(key) ?? '?'} ${toHex((params as AesGcmParams).iv as Uint8Array)}`
      if (used.has(use)) repeated.push(use)
      used.add(use)
      return encrypt(...args)
    }),
  ]
  return {
    repeated,
    get sealed() {
      return used.size
    },
    restore: () => {
      for (const spy of spies) spy.mockRestore()
    },
  }
}
