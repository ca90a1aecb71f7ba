/** What a mail is put into when it is sent: words and looks as they are then. */
import type { Wordings } from '../../contract/letters.ts'
import type { Rows } from '../../store/store.ts'
import { readHouse, SHIPPED_HOUSE, type House } from '../branding/house.ts'
import type { MailKind } from './mail.ts'
import { readWordings, shippedWordings } from './wording.ts'

export interface Dress {
  readonly wordings: Wordings
  readonly house: House
}

export async function readDress(rows: Rows, kind: MailKind): Promise<Dress> {
  return { wordings: await readWordings(rows, kind), house: await readHouse(rows) }
}

/** As it comes with this version. */
export function shippedDress(kind: MailKind): Dress {
  return { wordings: shippedWordings(kind), house: SHIPPED_HOUSE }
}
