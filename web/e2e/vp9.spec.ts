/** A server set to VP9: its frames are sealed without any clear byte, and each browser decodes the other's. */
import { LAYERED } from './camera.ts'
import { adaAndGrace } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { rememberConnections } from './connections.ts'
import { opensAllPictures } from './decoding.ts'
import { hears, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

test(
  'P1 with VP9 each browser decodes the pictures of the other',
  ONCE,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const server = await HuisclosServer.start({ env: { HC_VIDEO_CODEC: 'vp9' } })
    const both = [browsers[thisBrowser], browsers[otherBrowser]] as const
    const { link, ada, grace, close } = await adaAndGrace(server, both, { camera: LAYERED })
    for (const page of [ada, grace]) {
      await rememberConnections(page)
      await join(page, link)
    }
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    for (const page of [ada, grace]) {
      await hears(page)
      expect(await page.evaluate(videoCodecsReceived)).toEqual(['video/VP9'])
    }
    await Promise.all([ada, grace].map((page) => opensAllPictures(page)))
    await close()
    await server.end()
  },
)

async function videoCodecsReceived(): Promise<string[]> {
  const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] }
  const found = new Set<string>()
  for (const connection of connections) {
    const report = await connection.getStats()
    for (const entry of report.values() as Iterable<Record<string, unknown>>) {
      // mediasoup's bandwidth probe is a stream without pictures.
      if (entry['type'] !== 'inbound-rtp' || !entry['framesDecoded']) continue
      const codec = report.get(String(entry['codecId'])) as { mimeType: string } | undefined
      found.add(codec?.mimeType ?? 'unknown')
    }
  }
  return [...found]
}
