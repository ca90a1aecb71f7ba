/**
 * The product with one addition: every RTP packet that the TCS forwards is written to a file, as the TCS sees it.
 *
 * A test reads the file (`HC_E2E_TAP`) to show that it holds no picture and no sound.
 */
import { createWriteStream } from 'node:fs'
import { readConfig } from '../../config.ts'
import { serve } from '../../server.ts'

const { HC_E2E_TAP: tapFile = '', ...environment } = process.env
const tap = createWriteStream(tapFile)

const running = await serve(readConfig(environment, `${import.meta.dirname}/../..`), {
  print: (line) => void process.stdout.write(`${line}\n`),
  onRtp: (packet, from) => {
    // Length, source and peer (32 hexadecimal digits), then the packet.
    const head = Buffer.alloc(40)
    head.writeUInt32BE(packet.length, 0)
    head.write(from.source.slice(0, 4).padEnd(4), 4, 'latin1')
    head.write(from.peerId, 8, 'latin1')
    tap.write(Buffer.concat([head, packet]))
  },
})
process.stdout.write(`Huisclos is ready: https://localhost:${running.port}/\n`)
if (running.setupLink !== null) process.stdout.write(`First administrator: ${running.setupLink}\n`)
process.on('SIGTERM', () => {
  void running.close().then(() => tap.end(() => process.exit(0)))
})
