/** What a page says against anybody, watched for as long as it lives: the outcome table tells which sentences do. */
import type { Page } from '@playwright/test'
import { callCodes, outcomeOf } from '../src/call/outcome/table.ts'
import { wording } from './hostile-tcs/wording.ts'

const ANYBODY = '\u0000'

/** Every sentence that accuses, as a pattern in which anybody may be named. */
const patterns: readonly string[] = [
  ...callCodes.flatMap((code) => {
    const { during, tile } = outcomeOf(code)
    const inputs = { name: ANYBODY, by: ANYBODY, code }
    if (during?.alarm !== true) return []
    return [during.word(inputs), ...(tile === undefined ? [] : [tile(inputs)])]
  }),
  wording('tile_forged', { name: ANYBODY }),
].map((sentence) => sentence.split(ANYBODY).map(escaped).join('.+'))

/** To be called once, after the page was opened. */
export async function watchForAccusations(page: Page): Promise<void> {
  await page.evaluate((sources) => {
    const accusing = sources.map((source) => new RegExp(source))
    const said = new Set<string>()
    Object.assign(globalThis, { accusations: said })
    const look = (): void => {
      for (const line of document.body.innerText.split('\n'))
        if (accusing.some((pattern) => pattern.test(line))) said.add(line)
    }
    new MutationObserver(look).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    })
  }, patterns)
}

export async function accusations(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [
    ...(globalThis as unknown as { accusations: ReadonlySet<string> }).accusations,
  ])
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
