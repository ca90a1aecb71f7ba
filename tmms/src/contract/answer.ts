/** What every answer of the API carries, refusals included: one without it was given by something in between. */
export const API_HEADER = 'huisclos-api'
/** Rises when clients of before no longer understand the answers. */
export const API_VERSION = '1'
