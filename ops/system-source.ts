/** What administrators are told of this process: its version, the one on the disk, and the TCS in it. */
import { productAtStart, productOnDisk } from './product-files.ts'
import type { CertificateWatch } from './certificate-watch.ts'

export interface SystemParts {
  /** Of the product. */
  readonly folder: string
  readonly origin: string
  /** Media workers that there should be. */
  readonly workers: number
  readonly certificate: Pick<CertificateWatch, 'end'>
  readonly counters: () => {
    readonly rooms: number
    readonly peers: number
    readonly workers: number
  }
}

export function systemSource({ folder, origin, workers: wanted, ...parts }: SystemParts) {
  const running = productAtStart(folder)
  const { version } = running
  const since = new Date().toISOString()
  return {
    running,
    onDisk: () => productOnDisk(folder),
    tcsState: () => {
      const { rooms, peers, workers } = parts.counters()
      const certificate = parts.certificate.end()
      return [
        {
          origin,
          version,
          since,
          rooms,
          peers,
          workers: { running: workers, wanted },
          certificate,
        },
      ]
    },
  }
}
