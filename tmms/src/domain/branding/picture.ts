/** Tells pictures by their bytes: which format, how large, and whole. Takes nothing that can hold a program or move, or was cut. */

import { crc32 } from 'node:zlib'

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp'
export interface Picture {
  readonly type: PictureType
  readonly width: number
  readonly height: number
}

/** Null for what is no such picture, or an animated one. */
export function pictureOf(bytes: Buffer): Picture | null {
  try {
    return png(bytes) ?? webp(bytes) ?? jpeg(bytes)
  } catch (error) {
    // It ends before it has said how large it is.
    if (error instanceof RangeError) return null
    throw error
  }
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** PNG (third edition) sections 5.2 and 11.2.1; `acTL` makes it move. */
function png(bytes: Buffer): Picture | null {
  if (!bytes.subarray(0, 8).equals(PNG) || ascii(bytes, 12, 4) !== 'IHDR') return null
  if (bytes.includes('acTL') || !endsWhole(bytes)) return null
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Section 5.3: chunks with a length, a type and a checksum of type and data, up to `IEND`. */
function endsWhole(bytes: Buffer): boolean {
  for (let at = 8; ;) {
    const data = at + 8 + bytes.readUInt32BE(at)
    if (bytes.readUInt32BE(data) !== crc32(bytes.subarray(at + 4, data))) return false
    if (ascii(bytes, at + 4, 4) === 'IEND') return true
    at = data + 4
  }
}

/** RFC 9649 section 2. */
function webp(bytes: Buffer): Picture | null {
  if (ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'WEBP') return null
  // Section 2.3: of everything behind it.
  if (bytes.readUInt32LE(4) > bytes.length - 8) return null
  const type = 'image/webp'
  switch (ascii(bytes, 12, 4)) {
    case 'VP8 ':
      return {
        type,
        width: bytes.readUInt16LE(26) & 0x3fff,
        height: bytes.readUInt16LE(28) & 0x3fff,
      }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      // The bit of animations.
      if ((bytes.readUInt8(20) & 0x02) !== 0) return null
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return null
  }
}

const END_OF_IMAGE = Buffer.from('ffd9', 'hex')

/** ITU-T T.81 annex B: walks from marker to marker up to the start of a frame. */
function jpeg(bytes: Buffer): Picture | null {
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.lastIndexOf(END_OF_IMAGE) < 0) return null
  for (let at = 2; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at)
    if (marker < 0xffc0 || marker === 0xffda) return null
    const frame = marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (frame) {
      return {
        type: 'image/jpeg',
        width: bytes.readUInt16BE(at + 7),
        height: bytes.readUInt16BE(at + 5),
      }
    }
  }
}

function ascii(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length)
}
