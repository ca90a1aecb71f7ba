/** Plain text with placeholders in braces: what may be wrong with it, and what it is made of. For page and server alike. */
import { BLOCKS, PLACEHOLDERS, type PartRule, type Placeholder } from './letter-parts.ts'
import { unseenIn } from './unseen.ts'

export type TemplateFault =
  | { readonly is: 'empty' | 'line-break' | 'brace' }
  | { readonly is: 'too-long'; readonly max: number }
  /** Such as `U+200B`. */
  | { readonly is: 'invisible'; readonly sign: string }
  /** `name`: what stands in the braces. */
  | { readonly is: 'unknown' | 'missing' | 'twice'; readonly name: string }

const LINE_BREAK = /[\n\r]/
const BRACED = /\{([^{}]*)\}/g

/** As it is kept: line breaks of every system are one sign, and nothing hangs over at the ends. */
export function tidyTemplate(text: string, { lines }: Pick<PartRule, 'lines'>): string {
  const broken = text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ').normalize('NFC')
  if (!lines) return broken.trim()
  return broken
    .replaceAll(/ +$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** The first thing that is wrong, or null. @param text tidy */
export function faultOf(text: string, { max, lines, may, must }: PartRule): TemplateFault | null {
  if (text === '') return { is: 'empty' }
  if (text.length > max) return { is: 'too-long', max }
  if (!lines && LINE_BREAK.test(text)) return { is: 'line-break' }
  const hidden = unseenIn(text)
  if (hidden !== undefined) return { is: 'invisible', sign: codePoint(hidden) }
  if (/[{}]/.test(text.replaceAll(BRACED, ''))) return { is: 'brace' }
  const names = [...text.matchAll(BRACED)].map(([, name = '']) => name)
  const unknown = names.find((name) => !may.some((known) => known === name))
  if (unknown !== undefined) return { is: 'unknown', name: unknown }
  const twice = BLOCKS.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice !== undefined) return { is: 'twice', name: twice }
  const missing = must.find((name) => !names.includes(name))
  return missing === undefined ? null : { is: 'missing', name: missing }
}

export type Piece = { readonly text: string } | { readonly placeholder: Placeholder }

/** @param text without a fault */
export function piecesOf(text: string): readonly Piece[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const placeholder = PLACEHOLDERS.find((name) => part === `{${name}}`)
      return placeholder === undefined ? { text: part } : { placeholder }
    })
}

function codePoint(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
