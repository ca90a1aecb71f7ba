import { describe, expect, it } from 'vitest'
import { hex, huisclosKat } from '../../test/kat.ts'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { sframe } from '../sframe/cipher.ts'
import { decodeChat, encodeChat, requireText } from './chat-text.ts'
import { DATA, frameMetadata } from '../keys/frame-metadata.ts'
import { encodeKid } from '../keys/kid.ts'
import { MemberKeys } from '../keys/member-keys.ts'
import { join, text as utf8, toHex, u64, u8, type Bytes } from '../wire.ts'

function refusal(text: string): string {
  try {
    requireText(text)
    return 'taken'
  } catch (error) {
    return codeOf(error)
  }
}

function read(bytes: Bytes): string {
  try {
    return decodeChat(bytes).text
  } catch (error) {
    return codeOf(error)
  }
}

const plain = (text: string): Bytes => join(u8(1), u64(5), utf8(text))

describe('the text of a chat message', () => {
  it('K9 is sealed and opened as the known answer says', async () => {
    const known = huisclosKat.chat
    const { gen, step, ctr, text, time_ms: timeMs } = known
    const said = encodeChat({ text, timeMs })
    expect(toHex(said)).toBe(known.plaintext)
    const metadata = frameMetadata(hex(known.member_id), DATA.kind, DATA.codec, new Uint8Array(0))
    expect(toHex(metadata)).toBe(known.metadata)
    const kid = encodeKid(gen, DATA.idx, step)
    const key = await sframe.deriveFrameKey(hex(known.base_key), kid, 'encrypt')
    const { header, body } = await sframe.seal(key, BigInt(ctr), metadata, said)
    expect(toHex(join(header, body))).toBe(known.sealed)

    const keys = new MemberKeys(known.member_id as MemberId, () => 0)
    keys.accept({ gen, step, baseKey: hex(known.base_key), streams: [DATA] })
    const opened = await keys.open(hex(known.sealed), 'data', new Uint8Array(0))
    expect(decodeChat(opened)).toEqual({ text, timeMs })
  })

  it.each([
    'a',
    'Bonjour à tous\u202f!\n\t– non',
    '<b>&amp;</b>',
    '\ufeffx',
    '👩‍🚒',
    'مرحبا \u2067x\u2069',
  ])('comes back as it was: %j', (text) => {
    const bytes = encodeChat({ text, timeMs: 1_767_225_600_000 })
    expect(bytes[0]).toBe(1)
    expect(bytes).toEqual(join(u8(1), u64(1_767_225_600_000), utf8(text)))
    expect(decodeChat(bytes)).toEqual({ text, timeMs: 1_767_225_600_000 })
  })

  it('has 1 to 4000 characters, however many bytes each takes', () => {
    expect(refusal('')).toBe('E_LEN')
    expect(refusal('x'.repeat(4000))).toBe('taken')
    expect(refusal('𝄞'.repeat(4000))).toBe('taken')
    expect(refusal('x'.repeat(4001))).toBe('E_LEN')
    expect(refusal('𝄞'.repeat(4001))).toBe('E_LEN')
    expect(read(plain('𝄞'.repeat(4000)))).toBe('𝄞'.repeat(4000))
    expect(read(plain('x'.repeat(4001)))).toBe('E_LEN')
    expect(read(plain(''))).toBe('E_LEN')
  })

  it('B5 carries no control characters: they are not sent, and taken out when received', () => {
    const controls = ['\0', '\r', '\x07', '\x1b[2J', '\x7f', '\x85', '\x9b31m']
    expect(controls.map((text) => refusal(`a${text}`))).toEqual(controls.map(() => 'E_LEN'))
    expect(controls.map((text) => read(plain(`a${text}z`)))).toEqual(
      controls.map((text) => `a${text.slice(1)}z`),
    )
    expect(read(plain('\0\x07'))).toBe('E_LEN')
    expect(read(plain('a\n\tb'))).toBe('a\n\tb')
  })

  it('is well-formed', () => {
    for (const half of ['\ud83d', 'a\ude00', '\ude00\ud83d']) expect(refusal(half)).toBe('E_LEN')
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0xbd], [0xc0, 0x80]]) {
      expect(read(join(plain(''), Uint8Array.from(bytes)))).toBe('E_LEN')
    }
  })

  it('is of version 1', () => {
    expect(read(plain('x').with(0, 2))).toBe('E_VERSION')
    expect(read(plain('x').slice(0, 8))).toBe('E_SHORT')
    expect(read(new Uint8Array(0))).toBe('E_SHORT')
  })
})
