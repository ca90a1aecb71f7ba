/** How a form tells its fields that it was sent once more in vain. */

export const ATTEMPTS = Symbol('attempts')
export type Attempts = () => number
