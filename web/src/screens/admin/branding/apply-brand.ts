/** New colours on the page that is shown: others have them from the server's style sheet. */
import { accentTokens } from '@huisclos/tmms/contract/brand'
import type { Branding } from '@huisclos/tmms/contract/branding'

export function applyBrand({ accentLight, accentDark }: Branding): void {
  const { style } = document.documentElement
  for (const [name, value] of accentTokens({ light: accentLight, dark: accentDark }))
    style.setProperty(name, value)
}
