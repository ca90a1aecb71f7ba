/** What a mail server says, as it may be stored, shown and logged: one line, cut, without the password it was given. */

const MAX_CHARACTERS = 500
const STRUCK = '[…]'
/** Shorter ones stand in any text by chance. */
const TELLING_CHARACTERS = 6
/** What stands in base64 whatever comes before or behind it must be this long to be looked for. */
const CORE_MIN_CHARACTERS = 4

/** What this server signs in with; both empty when it does not. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

export function shownAnswer(answer: string, credentials: Credentials): string {
  return oneLine(withoutPassword(answer, credentials))
}

export function oneLine(answer: string): string {
  return answer
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_CHARACTERS)
    .replace(/\p{Cs}$/u, '')
}

/** A server that repeats what it was sent repeats the password, as it is or in the base64 of RFC 4954 section 4. */
function withoutPassword(answer: string, { user, password }: Credentials): string {
  if (password === '') return answer
  const cores = coresOf(password)
  const plain = [password, encodeURIComponent(password)]
  const whole = [password, user, `\0${user}\0${password}`, `${user}\0${user}\0${password}`]
  const forms = [...plain, ...(user === '' ? [] : whole.map(base64)), base64(password)]
  const words = answer.replace(/[\w+/-]{4,}={0,2}/g, (word) =>
    cores.some((core) => standard(word).includes(core)) ? STRUCK : word,
  )
  const struck = forms
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, form) => text.replaceAll(form, STRUCK), words)
  const told = [...plain, base64(password), ...cores].filter(
    ({ length }) => length >= TELLING_CHARACTERS,
  )
  const rest = compact(struck)
  if (!told.some((form) => rest.includes(compact(form)))) return struck
  const code = /^\d{3}/.exec(answer)?.[0] ?? ''
  return `${code} The server repeats the password, so what it says is not shown.`
}

/** What base64 makes of the password at each of the three places where it may begin. */
function coresOf(password: string): readonly string[] {
  const { length } = Buffer.from(password)
  return [0, 1, 2]
    .map((before) => {
      const text = base64(`${'\0'.repeat(before)}${password}`)
      return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + length) * 8) / 6))
    })
    .filter((core) => core.length >= CORE_MIN_CHARACTERS)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The alphabet of URLs is read as the usual one. */
function standard(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/')
}

/** Across lines, of which each begins with the code (RFC 5321 section 4.2.1), and in capitals or not. */
function compact(text: string): string {
  return text
    .replace(/\r?\n\d{3}[ -]/g, '')
    .replace(/[\p{C}\s]+/gu, '')
    .toLowerCase()
}
