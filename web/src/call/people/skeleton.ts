/**
 * What a name looks like (UTS 39 section 4): two names that a reader can take for each other have a skeleton in common.
 * confusables.json is Unicode 15's data, written by scripts/confusables.py.
 */
import CONFUSABLES from './confusables.json' with { type: 'json' }

const LOOKS_LIKE = new Map(
  Object.entries(CONFUSABLES).flatMap(([like, characters]) =>
    Array.from(characters, (character) => [character, like] as const),
  ),
)
/** Also what Unicode does not call so: annotations, joiners, the null notehead of music, the Khitan filler, blanks. */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\u2800\u{1d159}]|\u2d7f|\u{1107f}|\u{16fe4}/gu
/** Blanks, hyphens, apostrophes and signs are overlooked: "AdaLovelace" is read as "Ada Lovelace". */
const OVERLOOKED = /[\s\p{Z}\p{P}\p{S}\p{C}]/gu

/** With the letters as they stand, and in lower case: both "lda" and "ida" can be taken for "Ida". */
export function skeletons(name: string): readonly string[] {
  const plain = name.normalize('NFKC').replace(INVISIBLE, '')
  return [coarse(skeleton(plain)), coarse(skeleton(plain.toLowerCase()))]
}

/** Whatever looks like a capital, as 0 does, is compared as its small letter. */
function coarse(looks: string): string {
  const small = skeleton(looks.toLowerCase()).replaceAll('w', 'vv')
  return small.replace(OVERLOOKED, '') || small
}

function skeleton(text: string): string {
  const looks = Array.from(
    text.normalize('NFD'),
    (character) => LOOKS_LIKE.get(character) ?? character,
  )
  return looks.join('').normalize('NFD')
}
