/** Whether a password is soon guessed: lists of stolen ones, keyboard walks, repeats, dates. Loaded when one is chosen. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** Below this an attacker who has stolen the database finds it in hours, whatever the hash costs. */
const GUESSES_MIN = 1e9

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

export function isGuessable(password: string): boolean {
  return judge.check(password.normalize('NFKC')).guesses < GUESSES_MIN
}
