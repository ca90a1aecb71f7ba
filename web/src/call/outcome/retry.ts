/** Which failures no further attempt can mend. */

const final: ReadonlySet<string> = new Set([
  // The TMMS does not let this person in (any more).
  'signed-out',
  'not-found',
  'not-allowed',
  'meeting-not-open',
  'bad-proof',
  // The TCS.
  'refused',
  'replaced',
  'removed',
  'room-full',
  // The keys: a server that cannot prove itself is not asked twice.
  'E_PIN',
  'E_KEY_SET_OLD',
  'E_PSK',
  'E_TCS',
  'E_TOKEN_FORMAT',
  'E_TOKEN_TYPE',
  'E_TOKEN_SIG',
  'E_TOKEN_AUD',
  'E_TOKEN_MEETING',
  'E_JKT',
  'E_SUITE',
  'E_VERSION',
  'E_INTERNAL',
  'unsupported-browser',
])

export function isFinal(code: string): boolean {
  return final.has(code)
}

/** While coming back the TCS may still hold our old connection, so that its refusal is not the last word. */
export function endsReconnecting(code: string): boolean {
  return code !== 'refused' && isFinal(code)
}
