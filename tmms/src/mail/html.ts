/** The HTML of mails as a tree, written out with everything escaped. */
import type { MailNode } from '../contract/letters.ts'

type Element = Exclude<MailNode, string>

export function element(
  tag: Element['tag'],
  style: string,
  children: readonly MailNode[] = [],
  more: Pick<Element, 'href' | 'lang'> = {},
): Element {
  return { tag, style, children, ...more }
}

/** A text whose line breaks stay. */
export function lines(text: string): readonly MailNode[] {
  return text.split('\n').flatMap((line, at) => (at === 0 ? [line] : [element('br', ''), line]))
}

export function render(node: MailNode): string {
  if (typeof node === 'string') return escapeHtml(node)
  const { tag, style, children, href, lang } = node
  const attributes = Object.entries({ lang, href, style })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ` ${name}="${escapeHtml(value ?? '')}"`)
    .join('')
  if (tag === 'br') return '<br>'
  return `<${tag}${attributes}>${children.map(render).join('')}</${tag}>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
