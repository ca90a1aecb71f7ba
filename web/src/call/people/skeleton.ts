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
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu

/** With the letters as they stand, and in lower case: both "lda" and "ida" can be taken for "Ida". */
export function skeletons(name: string): readonly string[] {
  const plain = name.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim()
  return [skeleton(plain), skeleton(plain.toLowerCase())]
}

function skeleton(text: string): string {
  const looks = Array.from(
    text.normalize('NFD'),
    (character) => LOOKS_LIKE.get(character) ?? character,
  )
  return looks.join('').normalize('NFD')
}
