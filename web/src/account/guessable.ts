/** Whether a password is soon guessed: lists of stolen ones, keyboard walks, repeats, dates. Loaded when one is chosen. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { FIRST_WORDS } from './first-words.ts'
import { plain, readings } from './leet.ts'

/** Below this an attacker who has stolen the database finds it in hours, whatever the hash costs. */
const GUESSES_MIN = 1e9
/** So many different digits and signs beside a word and a year are soon tried out. */
const AROUND_MAX = 4
const YEAR = /(?:19|20)\d\d/u

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
const words = new Set([...Object.values(dictionary).flat(), ...FIRST_WORDS].map(String))

export function isGuessable(password: string): boolean {
  const spelled = password.normalize('NFKC')
  return judge.check(spelled).guesses < GUESSES_MIN || isOneWord(plain(password))
}

/** One word of a list with a year, digits and signs before or behind it. */
function isOneWord(password: string): boolean {
  const before = /^\P{L}*/u.exec(password)?.[0].length ?? 0
  const behind = /\P{L}*$/u.exec(password)?.[0].length ?? 0
  for (let from = 0; from <= before; from += 1) {
    for (let to = password.length - behind; to <= password.length; to += 1) {
      const around = `${password.slice(0, from)} ${password.slice(to)}`.replace(YEAR, '')
      const different = new Set(around.replaceAll(' ', '')).size
      if (different <= AROUND_MAX && isWord(password.slice(from, to))) return true
    }
  }
  return false
}

function isWord(text: string): boolean {
  return readings(text).some((reading) => /^\p{L}{3,}$/u.test(reading) && words.has(reading))
}
