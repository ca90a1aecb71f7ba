/** One line of text as it is read: without what nobody sees, which is pasted by accident or used to deceive (U3). */

/** Blanks of every kind, line breaks, and the empty Braille pattern, which looks like one. */
const BLANKS = /[\s\u2800]+/gu
/**
 * Controls, lone surrogates, and what Unicode shows as nothing: direction marks, fillers, tags, variation selectors, and
 * two that it does not call so, the null notehead of music and the filler of the Khitan script.
 */
const INVISIBLE =
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
const JOINERS = new RegExp(
  `((?<=${LETTER}\\p{M}*)[\\u200c\\u200d](?=${LETTER})` +
    `|(?<=${EMOJI}\\ufe0f?)\\u200d(?=${EMOJI})|(?<=\\p{Extended_Pictographic})\\ufe0f)` +
    '|[\\u200c\\u200d\\ufe0f]',
  'gu',
)

export function cleanLine(text: string): string {
  return text
    .replace(BLANKS, ' ')
    .replace(INVISIBLE, '')
    .replace(JOINERS, '$1')
    .normalize('NFC')
    .replace(/ {2,}/gu, ' ')
    .trim()
}
