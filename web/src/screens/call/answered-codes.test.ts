/** The codes of both contracts against the table of the call: none of them is met without a word for it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_STATUS, type ErrorCode } from '@huisclos/tmms/contract/errors'
import { expect, it } from 'vitest'
import { callCodes } from '../../call/outcome/table.ts'

/** What only forms and pages outside a call are answered with. */
const OF_FORMS: readonly ErrorCode[] = [
  ...(['invalid-email', 'invalid-name', 'invalid-title', 'invalid-duration'] as const),
  ...(['invalid-date', 'date-in-past', 'date-too-far', 'too-many-invited'] as const),
  ...(['weak-parameters', 'account-exists', 'already-invited', 'wrong-credentials'] as const),
  ...(['invalid-domain', 'invalid-word', 'outside-domains', 'group-exists'] as const),
  ...(['link-unknown', 'link-expired', 'link-used'] as const),
  ...(['invalid-role', 'invalid-language', 'listed-twice', 'changed-meanwhile'] as const),
  ...(['last-administrator', 'own-account', 'wrong-state', 'no-organiser'] as const),
  ...(['meeting-begun', 'invalid-wording', 'invalid-logo'] as const),
  ...(['token-unknown', 'token-expired', 'token-scope'] as const),
]

it('every code of the contracts that a call can be answered with has its outcome', () => {
  const tmms = (Object.keys(ERROR_STATUS) as ErrorCode[]).filter((code) => !OF_FORMS.includes(code))
  const protocol = readFileSync(
    join(import.meta.dirname, '../../../../sfu/src/protocol.ts'),
    'utf8',
  )
  const tcs = ['AccessEndCode', 'TcsCode'].flatMap((name) => {
    const [, union = ''] = protocol.split(`export type ${name} =`)
    return [...union.split('\n\n')[0]!.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code!)
  })
  expect(tcs.length).toBeGreaterThan(15)
  expect(
    [...tmms, ...tcs].filter((code) => !(callCodes as readonly string[]).includes(code)),
  ).toEqual([])
})
