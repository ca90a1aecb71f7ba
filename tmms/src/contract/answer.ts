/** What every answer of the API carries, refusals included: one without it was given by something in between. */
export const API_HEADER = 'huisclos-api'
/** Of a request of a page: the id of the account that it believes to be signed in. Not needed; compared when it is there. */
export const ACCOUNT_HEADER = 'huisclos-account'
/** Rises when clients of before no longer understand the answers. */
export const API_VERSION = '1'
