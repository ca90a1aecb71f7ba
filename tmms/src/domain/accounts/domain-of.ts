/** The domain of an address, by which groups take people in. */

/** @param email normalised */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
