/** Dresses letters as HTML and as plain text: the reader's language first, the other one below. */
import type { Language } from '../contract/accounts.ts'
import { inkOn, readableOn } from '../contract/colour.ts'
import type { MailNode } from '../contract/letters.ts'
import type { House } from '../domain/branding/house.ts'
import { element, escapeHtml, lines, render } from './html.ts'
import type { Letter, LinkParagraph, Paragraph } from './letter.ts'

export interface Version {
  readonly language: Language
  readonly letter: Letter
}

const BODY =
  "margin:0;padding:24px 12px;background:#f3f4f6;color:#1b1f27;font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const CARD =
  'max-width:560px;margin:0 auto 16px;padding:28px 32px;background:#ffffff;border:1px solid #dfe2e8;border-radius:12px'
const BRAND = 'max-width:618px;margin:0 auto 16px;padding:0 4px;font-size:20px;font-weight:700'
const BUTTON =
  'display:inline-block;margin:4px 8px 4px 0;border-radius:8px;font-weight:600;text-decoration:none'
const MARK = 'margin:0 0 18px;padding:6px 12px;border-radius:6px;text-align:center'
const FACTS = 'margin:20px 0;padding:14px 18px;background:#eff1f4;border-radius:8px'
const SMALL = 'margin:18px 0 0;color:#59606d;font-size:13px'
const ADDRESS = 'margin:8px 0 0;color:#59606d;font-size:12px;word-break:break-all'
const FOOTER = 'max-width:618px;margin:0 auto;padding:0 4px;color:#59606d;font-size:13px'
const GROUNDS = ['#ffffff', '#f3f4f6']

export function asHtml(versions: readonly Version[], house: House): string {
  const first = versions[0]
  return (
    `<!doctype html><html lang="${first?.language ?? 'en'}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<title>${escapeHtml(first?.letter.subject ?? '')}</title></head>` +
    `<body style="margin:0">${render(asTree(versions, house))}</body></html>`
  )
}

/** What stands in the body of the HTML. */
export function asTree(versions: readonly Version[], house: House): MailNode {
  const brand = element('div', `${BRAND};color:${readableOn(house.accent, GROUNDS)}`, [house.name])
  const cards = versions.map(({ language, letter }) => card(language, letter, house))
  const footer =
    house.footer === '' && house.footerLink === '' ? [] : [element('p', FOOTER, footerOf(house))]
  return element('div', BODY, [brand, ...cards, ...footer])
}

function footerOf({ footer, footerLink: href, accent }: House): readonly MailNode[] {
  const link = (): MailNode =>
    element('a', `color:${readableOn(accent, GROUNDS)}`, [href], { href })
  if (href === '') return lines(footer)
  return footer === '' ? [link()] : [...lines(footer), element('br', ''), link()]
}

function card(language: Language, { paragraphs, mark }: Letter, house: House): MailNode {
  const band = mark === undefined ? [] : [markBand(mark)]
  const body = paragraphs.flatMap((paragraph) => blockOf(paragraph, house))
  return element('div', CARD, [...band, ...body], { lang: language })
}

function blockOf(paragraph: Paragraph, house: House): readonly MailNode[] {
  switch (paragraph.kind) {
    case 'text':
      return [element('p', paragraph.small ? SMALL : '', lines(paragraph.text))]
    case 'details':
      return paragraph.facts.length === 0 ? [] : [element('p', FACTS, factRows(paragraph.facts))]
    case 'link':
      return linkBlock(paragraph, house)
  }
}

function factRows(facts: Extract<Paragraph, { kind: 'details' }>['facts']): readonly MailNode[] {
  return facts.flatMap(([label, value], at) => [
    ...(at === 0 ? [] : [element('br', '')]),
    element('strong', '', [label]),
    ` ${value}`,
  ])
}

function linkBlock({ texts, buttons, note }: LinkParagraph, house: House): readonly MailNode[] {
  const links = buttons.map(({ label, link }, at) =>
    element('a', buttonStyle(at, house), [label], { href: link }),
  )
  return [
    ...texts.map((text) => element('p', '', [text])),
    ...(links.length === 0 ? [] : [element('p', '', links)]),
    ...(note === '' ? [] : [element('p', SMALL, [note])]),
    ...buttons.map(({ link }) => element('p', ADDRESS, [link])),
  ]
}

function buttonStyle(at: number, { accent }: House): string {
  if (at === 0) return `${BUTTON};padding:12px 22px;background:${accent};color:${inkOn(accent)}`
  return `${BUTTON};padding:11px 21px;border:1px solid ${accent};color:${readableOn(accent, GROUNDS)}`
}

function markBand({ text, colour }: NonNullable<Letter['mark']>): MailNode {
  const style = `${MARK};background:${colour};color:${inkOn(colour)}`
  return element('p', style, [element('strong', '', [text])])
}

export function asText(versions: readonly Version[], { footer, footerLink }: House): string {
  const letters = versions.map(plainLetter)
  const end = [footer, footerLink].filter((line) => line !== '').join('\n')
  return [...letters, ...(end === '' ? [] : [end])].join('\n\n----------\n\n')
}

function plainLetter({ language, letter: { paragraphs, mark } }: Version): string {
  // French sets a colon off, with a space that does not break.
  const colon = language === 'fr' ? '\u00a0:' : ':'
  const parts = [
    mark === undefined ? '' : `[${mark.text}]`,
    ...paragraphs.flatMap((paragraph) => plainBlock(paragraph, colon)),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function plainBlock(paragraph: Paragraph, colon: string): readonly string[] {
  switch (paragraph.kind) {
    case 'text':
      return [paragraph.text]
    case 'details':
      return [paragraph.facts.map(([label, value]) => `${label}${colon} ${value}`).join('\n')]
    case 'link':
      return [
        ...paragraph.texts,
        ...paragraph.buttons.map(({ label, link }) => `${label}${colon}\n${link}`),
        paragraph.note,
      ]
  }
}
