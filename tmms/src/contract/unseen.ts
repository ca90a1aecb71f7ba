/** Signs that nobody sees: pasted by accident, or used to deceive (U3). For page and server alike. */

/**
 * Controls, lone surrogates, and what Unicode shows as nothing: direction marks, fillers, tags, variation selectors, and
 * two that it does not call so, the null notehead of music and the filler of the Khitan script.
 */
export const INVISIBLE =
  /(?!\u200c|\u200d|\ufe0f)[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\u{1d159}]|\u{16fe4}/gu
/** Scripts in which a joiner between two letters changes how these are written (Unicode core specification 23.2). */
const JOINING = [
  ['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Mandaic', 'Adlam', 'Hanifi_Rohingya'],
  ['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada'],
  ['Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Balinese', 'Javanese'],
].flat()
const LETTER = `[${JOINING.map((script) => `\\p{Script=${script}}`).join('')}]`
const EMOJI = '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]'
/** What stays, in a group, of joiners and of the selector that makes an emoji of a sign; the rest of them goes. */
export const JOINERS = new RegExp(
  `((?<=${LETTER}\\p{M}*)[\\u200c\\u200d](?=${LETTER})` +
    `|(?<=${EMOJI}\\ufe0f?)\\u200d(?=${EMOJI})|(?<=\\p{Extended_Pictographic})\\ufe0f` +
    '|(?<=[\\d#*])\\ufe0f(?=\\u20e3))|[\\u200c\\u200d\\ufe0f]',
  'gu',
)
/** It looks like a blank and is none: the empty Braille pattern. */
export const EMPTY_BRAILLE = '\u2800'

/** The first of them in a text with lines, or undefined. */
export function unseenIn(text: string): string | undefined {
  const strayed = [...text.matchAll(JOINERS)].filter(([, fitting]) => fitting === undefined)
  const found = [
    ...text.matchAll(INVISIBLE),
    ...text.matchAll(/[\u2800\p{Zl}\p{Zp}]/gu),
    ...strayed,
  ]
  return found
    .filter(([sign]) => sign !== '\n')
    .toSorted((one, other) => one.index - other.index)[0]?.[0]
}
