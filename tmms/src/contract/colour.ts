/** What is written on a colour that somebody chose (WCAG 2.2 section 1.4.3 and its relative luminance). */

/** The better of white and black: one of both always has a contrast of at least 4.5. @param colour `#rrggbb` */
export function inkOn(colour: string): '#ffffff' | '#000000' {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000'
}

/** From 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** `colour`, as much darker or lighter as it takes to be read on each of `grounds`, which are all dark or all light. */
export function readableOn(colour: string, grounds: readonly string[], ratio = 4.5): string {
  const ink = inkOn(grounds[0] ?? '#ffffff')
  for (let part = 0; part <= 100; part += 2) {
    const tried = mix(ink, colour, part / 100)
    if (grounds.every((ground) => contrast(tried, ground) >= ratio)) return tried
  }
  return ink
}

/** @param part of `one`, from 0 to 1; the rest is `other` */
export function mix(one: string, other: string, part: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a = 0, b = 0] = [one, other].map((colour) => parseInt(colour.slice(at, at + 2), 16))
    return Math.round(a * part + b * (1 - part))
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}
