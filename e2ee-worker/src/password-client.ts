/** The page's half of the password worker: one worker per password, ended as soon as it answered. */
import { E2eeError } from './errors.ts'
import type { E2eeCode } from './protocol.ts'
import { startPasswordWorker } from './worker-url.ts'

/** Parameters of the hash, as `POST /api/auth/params` answers them. */
export interface PasswordHashParams {
  /** 16 bytes, base64url. */
  readonly salt: string
  /** KiB, passes, lanes. */
  readonly m: number
  readonly t: number
  readonly p: number
}

type Answer = { readonly auth: string } | { readonly code: E2eeCode }

/**
 * Hashes a password away from the page's thread. Returns `auth`: 32 bytes, base64url.
 * @throws E2eeError E_KDF when the server asks for less than the floor (or nonsense), E_LEN when the password is longer than
 *   1024 bytes of UTF-8, E_INTERNAL when the worker failed.
 */
export async function hashPassword(password: string, params: PasswordHashParams): Promise<string> {
  const worker = startPasswordWorker()
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if ('auth' in data) resolve(data.auth)
        else reject(new E2eeError(data.code))
      }
      worker.onerror = () => reject(new E2eeError('E_INTERNAL'))
      worker.onmessageerror = () => reject(new E2eeError('E_INTERNAL'))
      const { salt, m, t, p } = params
      worker.postMessage({ password, params: { salt, m, t, p } })
    })
  } finally {
    worker.terminate()
  }
}
