/** The product's own sentences, so that a spec looks for what people read and not for a copy of it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = resolve(import.meta.dirname, '../../messages')
const messages = { ...read('en.json'), ...read('call.en.json') }

export function wording(key: string, inputs: Readonly<Record<string, string>> = {}): string {
  const message = messages[key]
  if (typeof message !== 'string') throw new Error(`There is no plain message "${key}"`)
  return message.replace(/\{(\w+)\}/g, (_, name: string) => inputs[name] ?? '')
}

function read(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as Record<string, unknown>
}
