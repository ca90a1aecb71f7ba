/** docs/protocol.md against the code: whoever writes a client from it leaves nothing out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIMITS } from './limits.ts'
import { isRequestType, SCHEMAS } from './wire/schemas.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
const source = readFileSync(join(import.meta.dirname, 'protocol.ts'), 'utf8')
const socket = between(page, '## 4. The socket', '\n## 5. ')

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start)
  expect(from, start).toBeGreaterThanOrEqual(0)
  return text.slice(from, text.indexOf(end, from))
}

/** The JSON arrays of one section, one message after the other, with bytes in place of `<n bytes>`. */
function samples(section: string): [string, unknown][] {
  const blocks = [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block]) => block!)
  return blocks.flatMap((block) => {
    const messages = block.trim().split(/\n(?=\[")/)
    return messages.map((text) => JSON.parse(text, toBytes) as [string, unknown])
  })
}

function toBytes(_key: string, value: unknown): unknown {
  const length = typeof value === 'string' ? /^<(\d+) bytes>$/.exec(value)?.[1] : undefined
  return length === undefined ? value : new Uint8Array(Number(length))
}

/** The member names of an interface of protocol.ts. */
function members(name: string): string[] {
  const body = between(source, `export interface ${name} {\n`, '\n}')
  return [...body.matchAll(/^ {2}'?([a-z0-9-]+)'?: /gm)].map(([, member]) => member!)
}

function codes(): string[] {
  const unions = ['AccessEndCode', 'TcsCode'].map((name) => {
    const from = source.indexOf(`export type ${name} =`)
    return source.slice(from, source.indexOf('\n\n', from))
  })
  return unions.flatMap((union) => [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code!))
}

const requests = samples(between(socket, '### 4.2', '### 4.3'))
const events = samples(between(socket, '### 4.3', '### 4.4'))

test('every request has a sample, and every sample is a valid request', () => {
  expect(requests.map(([type]) => type).sort()).toEqual(Object.keys(SCHEMAS).sort())
  expect(members('Requests').sort()).toEqual(Object.keys(SCHEMAS).sort())
  for (const [type, request] of requests) {
    if (!isRequestType(type)) throw new Error(type)
    expect(SCHEMAS[type].safeParse(request).error, type).toBeUndefined()
  }
})

test('every event has a sample', () => {
  const known = members('Events')
  expect(known.length).toBeGreaterThan(10)
  expect(events.map(([type]) => type).sort()).toEqual(known.sort())
})

test('every code is explained', () => {
  const table = between(socket, '### 4.4', '### 4.5')
  expect(codes().length).toBeGreaterThan(15)
  for (const code of codes()) expect(table, code).toContain(`\`${code}\``)
})

test('every limit is given as a number', () => {
  const plain = socket.replace(/(?<=\d) (?=\d{3})/g, '')
  const { messages, bytes, deliveredBytes, unprovenMessages, unprovenBytes } = LIMITS
  const numbers = [
    ...[
      LIMITS.frameBytes,
      ...Object.values(LIMITS.unproven),
      LIMITS.unansweredRequests,
      LIMITS.roomPeers,
    ],
    ...[LIMITS.unreadBytes, LIMITS.unreadNetworkBytes, LIMITS.accountDevices],
    ...[LIMITS.accountConnections, LIMITS.authenticateTimeoutMs / 1000, LIMITS.unreadMs / 1000],
    LIMITS.waitMs / 60_000,
    ...[messages, bytes, deliveredBytes, unprovenMessages, unprovenBytes].flatMap((allowance) => [
      allowance.perSecond,
      allowance.burst,
    ]),
  ]
  for (const number of numbers) expect(plain).toMatch(new RegExp(`(?<!\\d)${number}(?!\\d)`))
})
