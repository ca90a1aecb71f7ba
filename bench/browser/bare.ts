/** The least that encryption in a browser can cost: one awaited WebCrypto call after the other, without streams or headers. */
import { bareCipher, type Call } from './bare-cipher.ts'
import type { Lane } from './lane.ts'
import { answer } from './party.ts'

answer({
  async open() {
    const { encrypt, decrypt } = await bareCipher()
    return { encrypt: lane(encrypt), decrypt: lane(decrypt) }
  },
})

function lane(call: Call): Lane {
  return {
    async run(frames) {
      for (const frame of frames) frame.data = await call(frame)
      return [...frames]
    },
  }
}
