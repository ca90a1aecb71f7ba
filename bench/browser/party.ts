/** A worker that takes part in the benchmark: it answers the page's questions about its own lanes. */
import { answerPage } from './answer.ts'
import { makeFrames, type BenchFrame } from './encoded.ts'
import { StreamLane, type Lane } from './lane.ts'
import type { Kind, Timed } from './timed.ts'

/** One stream of one member, from its sender to a receiver. */
export interface Party {
  open(member: number, kind: Kind): Promise<{ readonly encrypt: Lane; readonly decrypt: Lane }>
}

type Question =
  | { readonly ask: 'time'; readonly kind: Kind; readonly bytes: number; readonly count: number }
  | {
      readonly ask: 'delay'
      readonly members: number
      readonly seconds: number
      readonly beat: MessagePort
    }

const AUDIO = { kind: 'audio', perSecond: 50, bytes: 120 } as const
const VIDEO = { kind: 'video', perSecond: 30, bytes: 2500 } as const

/** Answers from now on. */
export function answer(party: Party): void {
  const lanes = new Map<string, ReturnType<Party['open']>>()
  const open: Party['open'] = (member, kind) => {
    const name = `${member} ${kind}`
    const lane = lanes.get(name) ?? party.open(member, kind)
    lanes.set(name, lane)
    return lane
  }
  answerPage((question: Question) =>
    question.ask === 'time' ? time(open, question) : delay(open, question),
  )
}

type Ask<Name> = Extract<Question, { ask: Name }>

/** Few enough at a time that memory is used again, as it is when frames come one by one. */
const BYTES_AT_ONCE = 2_000_000
const FRAMES_AT_ONCE = 100

async function time(open: Party['open'], { kind, bytes, count }: Ask<'time'>): Promise<Timed> {
  const { encrypt, decrypt } = await open(0, kind)
  const atOnce = Math.min(FRAMES_AT_ONCE, BYTES_AT_ONCE / bytes)
  let [encryptMs, decryptMs] = [0, 0]
  for (let done = 0; done < count; done += atOnce) {
    const frames = makeFrames(kind, bytes, atOnce)
    const began = performance.now()
    const sealed = await encrypt.run(frames)
    const between = performance.now()
    const opened = await decrypt.run(sealed)
    decryptMs += performance.now() - between
    encryptMs += between - began
    const wrong = opened.find(({ data }) => data.byteLength !== bytes)
    if (wrong) throw new Error(`${wrong.data.byteLength} bytes came out of ${bytes}`)
  }
  return { encryptMs, decryptMs }
}

/** The delay of each frame in ms, when the frames of many members arrive at their own pace. */
async function delay(
  open: Party['open'],
  { members, seconds, beat }: Ask<'delay'>,
): Promise<Float64Array> {
  const tracks = []
  for (let member = 0; member < members; member += 1) {
    for (const source of [AUDIO, VIDEO]) {
      const { encrypt, decrypt } = await open(member, source.kind)
      if (!(decrypt instanceof StreamLane)) throw new Error('only streams have a delay')
      const count = seconds * source.perSecond
      const frames = await encrypt.run(makeFrames(source.kind, source.bytes, count))
      tracks.push({ frames, lane: decrypt, everyMs: 1000 / source.perSecond })
    }
  }
  return play(tracks, beat)
}

interface Track {
  readonly frames: readonly BenchFrame[]
  readonly lane: StreamLane
  readonly everyMs: number
}

function play(tracks: readonly Track[], beat: MessagePort): Promise<Float64Array> {
  const total = tracks.reduce((sum, { frames }) => sum + frames.length, 0)
  const delays = new Float64Array(total)
  const enteredAt = new Map<BenchFrame, number>()
  const next = tracks.map(() => 0)
  let out = 0
  return new Promise((resolve) => {
    for (const { lane } of tracks) {
      lane.onOut = (frame) => {
        delays[out++] = performance.now() - (enteredAt.get(frame) ?? Number.NaN)
        enteredAt.delete(frame)
        if (out < total) return
        beat.close()
        resolve(delays)
      }
    }
    beat.onmessage = ({ data }: MessageEvent<number>) => {
      const track = tracks[data]
      const at = next[data] ?? 0
      const frame = track?.frames[at]
      if (!track || !frame) return
      next[data] = at + 1
      enteredAt.set(frame, performance.now())
      track.lane.push(frame)
    }
    beat.postMessage(tracks.map(({ frames, everyMs }) => ({ count: frames.length, everyMs })))
  })
}
