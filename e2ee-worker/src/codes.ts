/** What can be wrong, by name (docs/protocol.md, "Codes of the end-to-end encryption"). */

/** Stable codes, shown to people and counted. */
export type E2eeCode =
  | 'E_VERSION'
  | 'E_SUITE'
  | 'E_LEN'
  | 'E_SHORT'
  | 'E_TRAILING'
  | 'E_TOKEN_FORMAT'
  | 'E_TOKEN_TYPE'
  | 'E_TOKEN_SIG'
  /** Signed by a key that our key set does not name: the TMMS may have another one since. */
  | 'E_TOKEN_KEY'
  | 'E_TOKEN_AUD'
  | 'E_TOKEN_MEETING'
  | 'E_TOKEN_TIME'
  | 'E_JKT'
  | 'E_HELLO_SIG'
  | 'E_EK_REUSE'
  | 'E_EPOCH'
  | 'E_PIN'
  /** Keys under the pinned root, but older ones than this browser has seen. */
  | 'E_KEY_SET_OLD'
  | 'E_PSK'
  | 'E_ENV_AUTH'
  | 'E_ENV_REPLAY'
  | 'E_ENV_GAP'
  | 'E_KEY_ROLLBACK'
  | 'E_NO_KEY'
  | 'E_FRAME_AUTH'
  | 'E_FRAME_REPLAY'
  | 'E_STREAM'
  | 'E_ROSTER'
  /** Somebody saw another meeting code than the others. */
  | 'E_SAS'
  /** The TCS did not prove a key that the pinned TMMS root certifies. */
  | 'E_TCS'
  /** A person whose device was verified appears with another one. */
  | 'E_IK_CHANGED'
  /** Frames of a stream are not vouched for by its sender's signature, or by another hash. */
  | 'E_VOUCH'
  /** A message, or one person more, that the policy in a token does not allow. */
  | 'E_POLICY'
  | 'E_CTR'
  | 'E_CODEC'
  | 'E_STATE'
  | 'E_KDF'
  | 'E_INTERNAL'
