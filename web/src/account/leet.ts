/** Words behind the digits and signs that are often written for their letters. */

const LETTERS: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '€': 'e', '!': 'i', '|': 'l', '+': 't' },
}

/** Small letters without accents. */
export function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** A plain text as it is, and as it may be meant: `1` stands for i or l. Each as long as the text. */
export function readings(text: string): readonly string[] {
  const meant = text.replace(/[0345789@$€!|+]/gu, (sign) => LETTERS[sign] ?? sign)
  return [...new Set([text, meant.replaceAll('1', 'i'), meant.replaceAll('1', 'l')])]
}
