/** Where HTTP requests end, without reading what is in them. */
import type { Piece } from './websocket-frames.ts'

/**
 * Everything up to the first empty line, so that it holds the head of one request at most. A body is cut at its own empty
 * lines, which changes nothing for whoever reads it.
 */
export function pieceOfHttp(bytes: Buffer): Piece {
  const ends = [after(bytes, '\n\r\n'), after(bytes, '\n\n')].filter((end) => end > 0)
  if (ends.length === 0) return { bytes: bytes.length, messages: 0 }
  return { bytes: Math.min(...ends), messages: 1 }
}

function after(bytes: Buffer, text: string): number {
  const at = bytes.indexOf(text)
  return at === -1 ? 0 : at + text.length
}
