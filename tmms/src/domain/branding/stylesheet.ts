/** The colours of an installation as a style sheet: pages have them before the first thing is drawn. */
import { accentTokens, SHIPPED_ACCENTS } from '../../contract/brand.ts'
import type { Rows } from '../../store/store.ts'
import { readSettings } from '../settings/read.ts'

/** Empty while nobody chose any. Only checked colours stand in it. */
export async function brandingCss(rows: Rows): Promise<string> {
  const { accentLight: light, accentDark: dark } = await readSettings(rows, 'branding')
  if (light === SHIPPED_ACCENTS.light && dark === SHIPPED_ACCENTS.dark) return ''
  const tokens = accentTokens({ light, dark }).map(([name, value]) => `${name}:${value};`)
  // Stronger than the `:root` of the pages' own tokens, wherever the two stand.
  return `html:root{${tokens.join('')}}\n`
}
