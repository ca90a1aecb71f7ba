/** What this browser, or the way the page was opened, lacks: found before anybody tries, and said in one sentence. */

/** In the order of their asking: what comes first must be mended first. */
export type Lack =
  /** The page was opened by an IP address: neither certificate nor sign-in is made for one. */
  | 'address'
  /** No secure context. */
  | 'insecure'
  | 'cookies'
  | 'wasm'
  | 'storage'
  | 'webrtc'
  /** No encoded transforms, so nothing could be encrypted. */
  | 'encryption'

/** Without these nobody can even sign in; a meeting needs all of them. */
export const everywhere: ReadonlySet<Lack> = new Set(['address', 'insecure', 'cookies', 'wasm'])

/** What is asked of the browser. */
export interface Surroundings {
  readonly hostname: string
  readonly secure: boolean
  readonly cookies: boolean
  readonly globals: Readonly<Record<string, unknown>>
  /** Rejects where the browser keeps nothing. */
  readonly store: () => Promise<void>
}

export async function lackOf(browser: Surroundings): Promise<Lack | null> {
  const has = (name: string): boolean => browser.globals[name] !== undefined
  if (isIpAddress(browser.hostname)) return 'address'
  if (!browser.secure) return 'insecure'
  if (!browser.cookies) return 'cookies'
  if (!has('WebAssembly')) return 'wasm'
  if (!(await browser.store().then(yes, no))) return 'storage'
  if (!has('RTCPeerConnection')) return 'webrtc'
  return has('RTCRtpScriptTransform') ? null : 'encryption'
}

/** @param hostname as in `location`: IPv6 in brackets */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
}

const yes = (): boolean => true
const no = (): boolean => false

export function thisBrowser(): Surroundings {
  return {
    hostname: location.hostname,
    secure: isSecureContext,
    cookies: navigator.cookieEnabled,
    globals: globalThis,
    store: openAndForget,
  }
}

const PROBE = 'huisclos-probe'

/** Where storage is switched off, IndexedDB is missing, throws, or fails to open. */
function openAndForget(): Promise<void> {
  // What throws in here rejects.
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(PROBE)
    request.onerror = () => reject(request.error ?? new DOMException(PROBE))
    request.onsuccess = () => {
      request.result.close()
      indexedDB.deleteDatabase(PROBE)
      resolve()
    }
  })
}
