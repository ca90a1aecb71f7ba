/**
 * Shows the HTML of a mail apart from the page: in a tree of its own, made element by element. No HTML is parsed, so
 * nothing in it can become a script, and links lead nowhere.
 */
import type { MailNode } from '@huisclos/tmms/contract/letters'

const TAGS: ReadonlySet<string> = new Set(['div', 'p', 'a', 'strong', 'br'])

export function showMail(host: HTMLElement, body: MailNode): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const ground = document.createElement('div')
  // What the page has set is not what a mail program sets.
  ground.style.setProperty('all', 'initial')
  ground.style.display = 'block'
  ground.append(nodeOf(body))
  root.replaceChildren(ground)
}

function nodeOf(node: MailNode): Node {
  if (typeof node === 'string') return document.createTextNode(node)
  const element = document.createElement(TAGS.has(node.tag) ? node.tag : 'div')
  element.style.cssText = node.style
  if (node.lang !== undefined) element.lang = node.lang
  if (node.href !== undefined) element.title = node.href
  element.append(...node.children.map(nodeOf))
  return element
}
