/** What docs/protocol.md says of the HTTP interface, and its samples. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const document = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
export const http = document.slice(document.indexOf('The HTTP interface of the TMMS'))

/** The body, if the route has one, then the answer. */
export function samplesOf(route: string): unknown[] {
  const blocks = sectionOf(route).matchAll(/```json\n(.*?)```/gs)
  return [...blocks].map(([, text = '']) => JSON.parse(text) as unknown)
}

function sectionOf(route: string): string {
  const [, rest = ''] = http.split(`### \`${route}\`\n`)
  return rest.split('\n### ')[0] ?? ''
}
