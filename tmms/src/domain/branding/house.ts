/** How an installation shows itself now: to mails, to pages, to whoever asks. */
import type { Branding } from '../../contract/branding.ts'
import { SHIPPED_ACCENTS } from '../../contract/brand.ts'
import type { Rows } from '../../store/store.ts'
import { readSettings } from '../settings/read.ts'
import { logoPath } from './logo.ts'

/** What mails need of it. */
export interface House {
  readonly name: string
  /** `#rrggbb`: of what is pressed, on a light ground. */
  readonly accent: string
  /** At the end of mails and pages; empty for none. */
  readonly footer: string
  /** `https:`, or empty. */
  readonly footerLink: string
}

export const SHIPPED_HOUSE: House = {
  name: 'Huisclos',
  accent: SHIPPED_ACCENTS.light,
  footer: '',
  footerLink: '',
}

export async function readHouse(rows: Rows): Promise<House> {
  const { name, accentLight, footer, footerLink } = await readSettings(rows, 'branding')
  return { name, accent: accentLight, footer, footerLink }
}

export async function readBranding(rows: Rows): Promise<Branding> {
  return { ...(await readSettings(rows, 'branding')), logo: await logoPath(rows) }
}
