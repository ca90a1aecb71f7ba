/**
 * Starts this package's workers under `require-trusted-types-for 'script'`: their addresses, and no others, are trusted.
 *
 * `new Worker(url)` is a Trusted Types sink in every browser that has them, so the page's CSP must name the policy:
 * `trusted-types huisclos-worker`.
 */
import passwordWorkerUrl from './password.ts?worker&url'
import witnessWorkerUrl from './witness.ts?worker&url'
import e2eeWorkerUrl from './worker.ts?worker&url'
import { E2eeError } from './errors.ts'

/** Named in the CSP of the page. */
const WORKER_POLICY = 'huisclos-worker'

const OUR_WORKERS: readonly string[] = [e2eeWorkerUrl, passwordWorkerUrl, witnessWorkerUrl]

/** What is used of the Trusted Types API, which TypeScript's DOM types lack. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown }
}

// A policy name can be used once per page, so the policy lives as long as this module.
const policy = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  WORKER_POLICY,
  { createScriptURL: onlyOurs },
)

/** The worker that holds the keys and runs the transforms. */
export function startWorker(): Worker {
  return start(e2eeWorkerUrl)
}

/** The short-lived worker that hashes one password. */
export function startPasswordWorker(): Worker {
  return start(passwordWorkerUrl)
}

/** The short-lived worker that checks the audit log. */
export function startWitnessWorker(): Worker {
  return start(witnessWorkerUrl)
}

function start(url: string): Worker {
  const trusted = policy?.createScriptURL(url) ?? onlyOurs(url)
  // Browsers take the TrustedScriptURL object; only the type of the constructor does not know it.
  return new Worker(trusted as string, { type: 'module' })
}

function onlyOurs(url: string): string {
  const sameOrigin = new URL(url, location.href).origin === location.origin
  if (!sameOrigin || !OUR_WORKERS.includes(url)) throw new E2eeError('E_INTERNAL')
  return url
}
