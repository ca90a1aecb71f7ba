/** A table of invitations: what is wrong with each line, and sending those that are right. */
import { PEOPLE_AT_ONCE, TEXT_MAX_CHARACTERS } from '@huisclos/tmms/contract/limits'
import type { InvitationText } from '@huisclos/tmms/contract/people'
import { normalise } from '../../../account/normalise.ts'
import { api, ApiFailure } from '../../../account/api.ts'
import type { Line } from './csv-table.ts'

export interface Checked {
  readonly line: number
  readonly invitation: InvitationText
  readonly problems: readonly ApiFailure[]
}

/** As people write roles and languages, in both languages. */
const VALUES: Readonly<Record<string, string>> = {
  utilisateur: 'user',
  utilisatrice: 'user',
  participant: 'user',
  participante: 'user',
  organisateur: 'organiser',
  organisatrice: 'organiser',
  organizer: 'organiser',
  administrateur: 'administrator',
  administratrice: 'administrator',
  admin: 'administrator',
  francais: 'fr',
  french: 'fr',
  anglais: 'en',
  english: 'en',
}

interface Defaults {
  readonly role: string
  readonly language: string
}

/** What the lines ask for. Where a line says nothing, the defaults hold. */
export function invitationsOf(
  lines: readonly Line[],
  defaults: Defaults,
): readonly { readonly line: number; readonly invitation: InvitationText }[] {
  return lines.map(({ line, email = '', firstName, lastName, role, language }) => ({
    line,
    invitation: {
      email: short(email),
      role: short(valueOf(role, defaults.role)),
      language: short(valueOf(language, defaults.language)),
      ...(firstName === undefined ? {} : { firstName: short(firstName) }),
      ...(lastName === undefined ? {} : { lastName: short(lastName) }),
    },
  }))
}

/** The server refuses longer text without saying whose it is; cut, it is still too long to be valid. */
function short(text: string): string {
  return text.slice(0, TEXT_MAX_CHARACTERS)
}

function valueOf(text: string | undefined, usual: string): string {
  const word = (text ?? '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
  return word === '' ? usual : (VALUES[word] ?? word)
}

/** Asks the server about every line; nothing is written. @throws {ApiFailure} when it cannot be asked. */
export async function checkAll(
  all: readonly { readonly line: number; readonly invitation: InvitationText }[],
  onprogress: (done: number) => void,
): Promise<readonly Checked[]> {
  const listed = new Set<string>()
  const checked: Checked[] = []
  for (const piece of pieces(all)) {
    const people = piece.map(({ invitation }) => invitation)
    const { results } = await api('POST /api/admin/accounts/check', { people })
    piece.forEach(({ line, invitation }, at) => {
      const problems = (results[at] ?? []).map(
        ({ code, field }) => new ApiFailure(code, { field, value: valueAt(invitation, field) }),
      )
      // The server sees a piece at a time.
      const address = normalise(invitation.email)
      const twice = listed.has(address) && !problems.some(({ field }) => field === 'email')
      listed.add(address)
      const failure = new ApiFailure('listed-twice', { field: 'email', value: invitation.email })
      checked.push({ line, invitation, problems: twice ? [...problems, failure] : problems })
    })
    onprogress(checked.length)
  }
  return checked
}

/** Invites those without problems. Calls back after each piece, with the problems that came up since. */
export async function inviteAll(
  all: readonly Checked[],
  onsent: (sent: readonly Checked[]) => void,
): Promise<void> {
  for (const piece of pieces(all)) {
    const people = piece.map(({ invitation }) => invitation)
    const { results } = await api('POST /api/admin/accounts/invite', { people })
    onsent(
      piece.map((one, at) => ({
        ...one,
        problems: (results[at] ?? []).map(
          ({ code, field }) =>
            new ApiFailure(code, { field, value: valueAt(one.invitation, field) }),
        ),
      })),
    )
  }
}

function valueAt(invitation: InvitationText, field: string): string {
  return invitation[field as keyof InvitationText] ?? invitation.email
}

function* pieces<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += PEOPLE_AT_ONCE) yield all.slice(at, at + PEOPLE_AT_ONCE)
}
