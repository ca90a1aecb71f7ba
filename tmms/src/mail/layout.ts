/** Dresses letters as HTML and as plain text: the reader's language first, the other one below. */
import type { Language } from '../contract/accounts.ts'
import { inkOn } from '../contract/colour.ts'
import type { Letter } from './letter.ts'

export interface Version {
  readonly language: Language
  readonly letter: Letter
}

const BODY =
  "margin:0;padding:24px 12px;background:#f3f4f6;color:#1b1f27;font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const CARD =
  'max-width:560px;margin:0 auto 16px;padding:28px 32px;background:#ffffff;border:1px solid #dfe2e8;border-radius:12px'
const BRAND =
  'max-width:618px;margin:0 auto 16px;padding:0 4px;font-size:20px;font-weight:700;color:#0b5563'
const BUTTON =
  'display:inline-block;margin:4px 8px 4px 0;padding:12px 22px;border-radius:8px;background:#0b5563;color:#ffffff;font-weight:600;text-decoration:none'
const BUTTON_TWO =
  'display:inline-block;margin:4px 8px 4px 0;padding:11px 21px;border-radius:8px;border:1px solid #0b5563;color:#0b5563;font-weight:600;text-decoration:none'
const MARK = 'margin:0 0 18px;padding:6px 12px;border-radius:6px;text-align:center'
const FACTS = 'margin:20px 0;padding:14px 18px;background:#eff6f7;border-radius:8px'
const SMALL = 'margin:18px 0 0;color:#59606d;font-size:13px'
const ADDRESS = 'margin:8px 0 0;color:#59606d;font-size:12px;word-break:break-all'

export function asHtml(versions: readonly Version[]): string {
  const first = versions[0]
  const cards = versions.map(({ language, letter }) => card(language, letter)).join('')
  return (
    `<!doctype html><html lang="${first?.language ?? 'en'}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<title>${escapeHtml(first?.letter.subject ?? '')}</title></head>` +
    `<body style="${BODY}"><div style="${BRAND}">Huisclos</div>${cards}</body></html>`
  )
}

function card(language: Language, letter: Letter): string {
  const { greeting, paragraphs, facts, buttons, small, mark } = letter
  const text = [greeting, ...paragraphs].map((line) => `<p>${escapeHtml(line)}</p>`).join('')
  const rows = facts
    .map(([label, value]) => `<strong>${escapeHtml(label)}</strong> ${escapeHtml(value)}`)
    .join('<br>')
  const links = buttons.map(
    ({ label, link }, index) =>
      `<a href="${escapeHtml(link)}" style="${index === 0 ? BUTTON : BUTTON_TWO}">${escapeHtml(label)}</a>`,
  )
  const addresses = buttons.map(({ link }) => `<p style="${ADDRESS}">${escapeHtml(link)}</p>`)
  return (
    `<div lang="${language}" style="${CARD}">${mark === undefined ? '' : markBand(mark)}${text}` +
    (facts.length === 0 ? '' : `<p style="${FACTS}">${rows}</p>`) +
    (links.length === 0 ? '' : `<p>${links.join('')}</p>`) +
    `<p style="${SMALL}">${escapeHtml(small)}</p>${addresses.join('')}</div>`
  )
}

function markBand({ text, colour }: NonNullable<Letter['mark']>): string {
  const style = `${MARK};background:${colour};color:${inkOn(colour)}`
  return `<p style="${style}"><strong>${escapeHtml(text)}</strong></p>`
}

export function asText(versions: readonly Version[]): string {
  return versions.map(plainLetter).join('\n\n----------\n\n')
}

function plainLetter({ language, letter }: Version): string {
  const { greeting, paragraphs, facts, buttons, small, mark } = letter
  // French sets a colon off, with a space that does not break.
  const colon = language === 'fr' ? '\u00a0:' : ':'
  const parts = [
    mark === undefined ? '' : `[${mark.text}]`,
    greeting,
    ...paragraphs,
    facts.map(([label, value]) => `${label}${colon} ${value}`).join('\n'),
    ...buttons.map(({ label, link }) => `${label}${colon}\n${link}`),
    small,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
