/** What administrators may make of the looks of an installation. */
import {
  accentContrast,
  COLOUR,
  GROUND_CONTRAST,
  writeRatio,
  type Theme,
} from '../../contract/brand.ts'
import type { BrandingSettings } from '../../contract/branding.ts'
import {
  BRAND_NAME_MAX_CHARACTERS,
  FOOTER_LINK_MAX_CHARACTERS,
  FOOTER_MAX_CHARACTERS,
} from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import { checkAll } from '../check-all.ts'

/** @throws {TmmsError} `bad-request` naming every field that is wrong. */
export function checkBranding(value: BrandingSettings): BrandingSettings {
  return checkAll<BrandingSettings>({
    name: () => checkLine(value.name, 'name', BRAND_NAME_MAX_CHARACTERS) || 'Huisclos',
    accentLight: () => checkAccent(value.accentLight, 'accentLight', 'light'),
    accentDark: () => checkAccent(value.accentDark, 'accentDark', 'dark'),
    footer: () => checkLine(value.footer, 'footer', FOOTER_MAX_CHARACTERS),
    footerLink: () => checkLink(value.footerLink),
  })
}

function checkLine(text: string, field: string, max: number): string {
  const line = cleanLine(text)
  if (line.length <= max) return line
  throw bad(field, `This text has at most ${max} characters.`)
}

function checkAccent(text: string, field: string, theme: Theme): string {
  const colour = text.trim().toLowerCase()
  if (!COLOUR.test(colour)) throw bad(field, 'A colour is written as #rrggbb.')
  const { ground, enough } = accentContrast(colour, theme)
  if (enough) return colour
  const way = theme === 'light' ? 'darker' : 'lighter'
  throw bad(
    field,
    `The colour has a contrast of ${writeRatio(ground)}:1 on the ${theme} page, and needs ${GROUND_CONTRAST}:1: choose a ${way} one.`,
  )
}

function checkLink(text: string): string {
  const link = text.trim()
  if (link === '') return ''
  const url = URL.parse(link)
  const good =
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.href.length <= FOOTER_LINK_MAX_CHARACTERS
  if (good && !/[\s\p{C}]/u.test(link)) return url.href
  throw bad('footerLink', 'A link is a whole address that begins with https://.')
}

function bad(field: string, message: string): TmmsError {
  return new TmmsError('bad-request', message, { field })
}
