/** The one spelling of an e-mail address by which an account is known. */

/** As docs/accounts.md section 1 says, except IDNA, which the server adds. */
export function normalise(address: string): string {
  return address.trim().normalize('NFC').toLowerCase()
}
