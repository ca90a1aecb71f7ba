/** The same bare WebCrypto call, for frames that come and go in streams: what no transform can go below. */
import { pipeFrames } from '../../e2ee-worker/src/transform/encoded.ts'
import { bareCipher, type Call } from './bare-cipher.ts'
import { StreamLane } from './lane.ts'
import { answer } from './party.ts'

answer({
  async open() {
    const { encrypt, decrypt } = await bareCipher()
    return { encrypt: lane(encrypt), decrypt: lane(decrypt) }
  },
})

function lane(call: Call): StreamLane {
  const lane = new StreamLane()
  void pipeFrames(lane.transformer, {
    begin: call,
    finish: (frame, data) => {
      frame.data = data
      return true
    },
  })
  return lane
}
