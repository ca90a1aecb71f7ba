/**
 * What a brand may be, and what pages make of its two colours. Imports no schema library, so that pages can take it for
 * free. Colours of warnings, alarms and good news are none of a brand's business: nothing here names them.
 */
import { contrast, inkOn, mix, readableOn } from './colour.ts'

export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What a brand's colour stands on, and what it replaces when nobody chose one (web/src/style/tokens.css). */
export const BRAND_GROUNDS: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#ffffff', '#f5f6f4', '#eceeeb'],
  dark: ['#181e21', '#0f1315', '#0b0e10'],
}
export const SHIPPED_ACCENTS: Readonly<Record<Theme, string>> = {
  light: '#0b5563',
  dark: '#74c6d3',
}

/** WCAG 2.2 section 1.4.11: of what is pressed against what it stands on. */
export const GROUND_CONTRAST = 3
/** WCAG 2.2 section 1.4.3. */
export const TEXT_CONTRAST = 4.5
export const COLOUR = /^#[0-9a-f]{6}$/

export interface AccentContrast {
  /** The least against the grounds of this theme. */
  readonly ground: number
  /** Of the better of white and black on it. */
  readonly text: number
  readonly enough: boolean
}

export function accentContrast(colour: string, theme: Theme): AccentContrast {
  const ground = Math.min(...BRAND_GROUNDS[theme].map((one) => contrast(colour, one)))
  const text = contrast(colour, inkOn(colour))
  return { ground, text, enough: ground >= GROUND_CONTRAST && text >= TEXT_CONTRAST }
}

/** Rounded down, so that what is said to be enough is. */
export function writeRatio(ratio: number): string {
  return (Math.floor(ratio * 10) / 10).toFixed(1)
}

/** The design tokens that follow from the two colours: name, and value for `light-dark()`. */
export function accentTokens(
  accents: Readonly<Record<Theme, string>>,
): readonly [string, string][] {
  const [light, dark] = THEMES.map((theme) => tokensOf(accents[theme], theme))
  return Object.entries(light ?? {}).map(([name, value]) => [
    name,
    `light-dark(${value}, ${dark?.[name] ?? value})`,
  ])
}

function tokensOf(colour: string, theme: Theme): Readonly<Record<string, string>> {
  const grounds = BRAND_GROUNDS[theme]
  const ink = inkOn(colour)
  const soft = mix(colour, grounds[0] ?? '#ffffff', theme === 'light' ? 0.12 : 0.2)
  const text = readableOn(colour, [...grounds, soft])
  return {
    '--accent': colour,
    // Away from the ink, which is then read better still.
    '--accent-strong': mix(ink === '#ffffff' ? '#000000' : '#ffffff', colour, 0.25),
    '--accent-soft': soft,
    '--accent-text': text,
    '--on-accent': ink,
    '--focus': text,
  }
}
