/** A page under the rules of axe: WCAG 2.2 A and AA, and what axe calls best practice. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** @param where said when it fails; the address of the page, unless it shows several things one after the other */
export async function obeys(page: Page, where: string = page.url()): Promise<void> {
  const axe = (await page.evaluate(() => 'axe' in globalThis))
    ? // Half a megabyte of script, which each look would otherwise send and read twice.
      new AxeBuilder({ page, axeSource: 'undefined' })
    : new AxeBuilder({ page })
  // Our pages have no frames, for which each look would otherwise open a page of its own.
  const { violations } = await axe.setLegacyMode().withTags(RULES).analyze()
  const found = violations.map(({ id, nodes }) => ({
    id,
    at: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
  }))
  expect(found, where).toEqual([])
}
