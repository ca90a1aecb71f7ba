/** What came of a meeting code: do all see the same, does somebody see another, or is somebody still to answer. */
import type { CodeRun } from '@huisclos/e2ee-worker/events'

export interface CodePerson {
  readonly memberId: string
  readonly name: string
  readonly own: boolean
}

export type CodeOutcome =
  | { readonly state: 'open' | 'equal' }
  | { readonly state: 'differs'; readonly names: readonly string[] }

export type Answer = 'equal' | 'different' | 'none'

export function answerOf({ judgements }: CodeRun, memberId: string): Answer {
  const judgement = judgements.find((one) => one.memberId === memberId)
  if (judgement === undefined) return 'none'
  return judgement.equal ? 'equal' : 'different'
}

/** Whoever says "different" counts at once; "the same" only when everybody says so. */
export function codeOutcome(run: CodeRun, people: readonly CodePerson[]): CodeOutcome {
  const differing = run.judgements.filter(({ equal }) => !equal)
  if (differing.length > 0) {
    const nameOf = (memberId: string): string =>
      people.find((one) => one.memberId === memberId)?.name ?? '?'
    return { state: 'differs', names: differing.map(({ memberId }) => nameOf(memberId)) }
  }
  const all = people.length > 1 && people.every((one) => answerOf(run, one.memberId) === 'equal')
  return { state: run.state === 'shown' && all ? 'equal' : 'open' }
}
