/** Every length and count of the HTTP interface as a number. Imports nothing, so that forms can take it for free. */

/** Below this the client refuses to hash, so that a malicious server cannot lower the cost. `m` in KiB. */
export const PASSWORD_FLOOR = { m: 47_104, t: 1, p: 1 } as const
export const PASSWORD_MIN_CHARACTERS = 12
export const PASSWORD_MAX_BYTES = 1024

export const NAME_MAX_CHARACTERS = 80
export const TITLE_MAX_CHARACTERS = 120
/** RFC 5321 section 4.5.3.1: a path of 256 octets, of which two are angle brackets. */
export const EMAIL_MAX_CHARACTERS = 254
export const EMAIL_LOCAL_MAX_CHARACTERS = 64

export const DURATION_MIN_MINUTES = 5
export const DURATION_MAX_MINUTES = 1440
export const INVITED_MAX = 300
/** People in one meeting at the same time. */
export const PARTICIPANTS_MAX = 1000
export const GROUP_NAME_MAX_CHARACTERS = 80
export const GROUP_DOMAINS_MAX = 100
/** Domains that may be invited freely. */
export const INVITING_DOMAINS_MAX = 100
/** Words that no password may contain; shorter ones stand in others by chance. */
export const PASSWORD_WORDS_MAX = 200
export const PASSWORD_WORD_MIN_CHARACTERS = 3
export const PASSWORD_WORD_MAX_CHARACTERS = 64
/** What a start may lie back: clocks differ, and people type slowly. */
export const PAST_TOLERANCE_MINUTES = 5
/** A meeting may be planned this far ahead. */
export const AHEAD_MAX_DAYS = 5 * 366

/** What is over may be kept this long, days. */
export const RETENTION_MAX_DAYS = 3_650

/** Any text of a body: longer than anything valid, so that the rules can refuse it in better words. */
export const TEXT_MAX_CHARACTERS = 1_000
/** Addresses in one body: more than may be invited, for the same reason. */
export const ADDRESSES_MAX = 2_000
export const BRAND_NAME_MAX_CHARACTERS = 80
export const FOOTER_MAX_CHARACTERS = 200
export const FOOTER_LINK_MAX_CHARACTERS = 300
export const LOGO_MAX_BYTES = 256 * 1024
/** Width and height: a small file can be a huge picture. */
export const LOGO_MAX_PIXELS = 2_048
export const SEARCH_MAX_CHARACTERS = 200
/** Rows in one page of a list; the answer's `next` asks for the following one. */
export const PAGE_MAX_ROWS = 100
/** A place in a list may be a whole address. */
export const CURSOR_MAX_CHARACTERS = 1_500
/** People in one request that does something to many. */
export const PEOPLE_AT_ONCE = 100
export const BODY_MAX_BYTES = 64 * 1024

export const API_TOKEN_NAME_MAX_CHARACTERS = 80
/** Life of an API token. */
export const API_TOKEN_DAYS = 90
export const API_TOKEN_MAX_DAYS = 365

/** Life of a meeting token, seconds. */
export const TOKEN_TTL_S = 900
