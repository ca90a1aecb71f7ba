/** Numbers about the connection, for "connection details" and for support. No key, token or address is among them. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { TransformStats } from '@huisclos/e2ee-worker/calls'
import type { Source } from '@huisclos/sfu/protocol'
import type { Media } from '../media/media.ts'

export interface SendingStats {
  readonly source: Source
  readonly bytesSent: number
  readonly packetsSent: number
  readonly framesSent: number
  /** Height of the best layer being sent, 0 for audio. */
  readonly height: number
  readonly limitedBy: string | null
}

export interface ReceivingStats {
  readonly consumerId: string
  readonly kind: 'audio' | 'video'
  readonly bytesReceived: number
  readonly packetsReceived: number
  readonly packetsLost: number
  readonly framesReceived: number
  readonly framesDecoded: number
  readonly framesDropped: number
  readonly height: number
  /** Seconds. */
  readonly jitter: number
}

interface PathStats {
  readonly direction: 'send' | 'recv'
  readonly state: string
  /** `relay` when media goes through the tunnel. */
  readonly candidateType: string | null
  readonly relayProtocol: string | null
  /** Seconds. */
  readonly roundTripTime: number | null
}

export interface Diagnostics {
  readonly life: string
  /** Generation of our own sender key; null before the first. */
  readonly generation: number | null
  /** Ratchet step of that key, and since how many milliseconds its generation is in use. */
  readonly step: number | null
  readonly keyAgeMs: number | null
  readonly transforms: readonly TransformStats[]
  readonly sending: readonly SendingStats[]
  readonly receiving: readonly ReceivingStats[]
  readonly paths: readonly PathStats[]
}

type Report = Readonly<Record<string, unknown>>

/** @throws E2eeError when the worker cannot tell its numbers: nothing may be concluded from none. */
export async function diagnose(
  life: string,
  e2ee: E2eeClient,
  media: Media | null,
): Promise<Diagnostics> {
  // Read before the worker's numbers: what is counted as sent has then certainly been counted as sealed.
  const sending = await sendingStats(media)
  const { transforms, generation, step, keyAgeMs } = await e2ee.call('stats', {})
  const [receiving, paths] = await Promise.all([receivingStats(media), pathStats(media)])
  return { life, generation, step, keyAgeMs, transforms, sending, receiving, paths }
}

async function sendingStats(media: Media | null): Promise<SendingStats[]> {
  const all: SendingStats[] = []
  for (const [source, producer] of media?.uplink?.senders ?? []) {
    const streams = await reports(producer, 'outbound-rtp')
    const reason = streams.map((stream) => stream['qualityLimitationReason'])
    const limit =
      reason.find((value) => value === 'cpu') ?? reason.find((value) => value === 'bandwidth')
    all.push({
      source,
      bytesSent: sum(streams, 'bytesSent'),
      packetsSent: sum(streams, 'packetsSent') - sum(streams, 'retransmittedPacketsSent'),
      framesSent: sum(streams, 'framesSent'),
      height: Math.max(0, ...streams.map((stream) => number(stream, 'frameHeight'))),
      limitedBy: typeof limit === 'string' ? limit : null,
    })
  }
  return all
}

async function receivingStats(media: Media | null): Promise<ReceivingStats[]> {
  const all: ReceivingStats[] = []
  for (const consumer of media?.downlink?.consumers ?? []) {
    const streams = await reports(consumer, 'inbound-rtp')
    all.push({
      consumerId: consumer.id,
      kind: consumer.kind,
      bytesReceived: sum(streams, 'bytesReceived'),
      packetsReceived: sum(streams, 'packetsReceived'),
      packetsLost: sum(streams, 'packetsLost'),
      framesReceived: sum(streams, 'framesReceived'),
      framesDecoded: sum(streams, 'framesDecoded'),
      framesDropped: sum(streams, 'framesDropped'),
      height: sum(streams, 'frameHeight'),
      jitter: sum(streams, 'jitter'),
    })
  }
  return all
}

async function pathStats(media: Media | null): Promise<PathStats[]> {
  const all: PathStats[] = []
  for (const link of [media?.uplink?.link, media?.downlink?.link]) {
    if (link === undefined) continue
    const report = await link.transport.getStats().catch(() => null)
    const stats = report === null ? [] : [...report.values()].map((entry) => entry as Report)
    const pair = stats.find(selectedPair)
    const local = stats.find(
      (entry) => pair !== undefined && entry['id'] === pair['localCandidateId'],
    )
    all.push({
      direction: link.transport.direction,
      state: link.transport.connectionState,
      candidateType: text(local, 'candidateType'),
      relayProtocol: text(local, 'relayProtocol'),
      roundTripTime: pair === undefined ? null : number(pair, 'currentRoundTripTime'),
    })
  }
  return all
}

function selectedPair(entry: Report): boolean {
  return (
    entry['type'] === 'candidate-pair' &&
    entry['state'] === 'succeeded' &&
    entry['nominated'] === true
  )
}

async function reports(
  source: { getStats(): Promise<RTCStatsReport> },
  type: 'outbound-rtp' | 'inbound-rtp',
): Promise<Report[]> {
  // A stream that was closed meanwhile has no numbers, and that is no fault.
  const report = await source.getStats().catch(() => null)
  if (report === null) return []
  return [...report.values()]
    .map((entry) => entry as Report)
    .filter((entry) => entry['type'] === type)
}

function number(report: Report, key: string): number {
  const value = report[key]
  return typeof value === 'number' ? value : 0
}

function text(report: Report | undefined, key: string): string | null {
  const value = report?.[key]
  return typeof value === 'string' ? value : null
}

function sum(list: readonly Report[], key: string): number {
  return list.reduce((total, report) => total + number(report, key), 0)
}

declare global {
  interface Window {
    /** Read-only numbers of the running call; null when there is none. */
    huisclosDiagnostics?: () => Promise<Diagnostics | null>
  }
}

/** For support and tests: the numbers of "connection details" on the console. @returns takes them away again */
export function publishDiagnostics(read: () => Promise<Diagnostics> | null): () => void {
  const ours = async (): Promise<Diagnostics | null> => (await read()) ?? null
  window.huisclosDiagnostics = ours
  return () => {
    if (window.huisclosDiagnostics === ours) delete window.huisclosDiagnostics
  }
}
