/**
 * Says when the next frame of each track is due, one message for one frame, as frames come from a network.
 *
 * It sleeps with Atomics.wait in a worker of its own, because timers are clamped to 4 ms and would bring frames in heaps.
 */

interface Track {
  readonly count: number
  readonly everyMs: number
}

interface Beat {
  readonly track: number
  readonly at: number
}

const never = new Int32Array(new SharedArrayBuffer(4))

addEventListener('message', ({ data: port }: MessageEvent<MessagePort>) => {
  port.onmessage = ({ data }: MessageEvent<readonly Track[]>) => {
    const beats = data.flatMap(beatsOf).sort((a, b) => a.at - b.at)
    const start = performance.now() + 50
    for (const { track, at } of beats) {
      const early = start + at - performance.now()
      if (early > 0) Atomics.wait(never, 0, 0, early)
      port.postMessage(track)
    }
  }
})

// Spread over the period, so that no two tracks are in step.
function beatsOf({ count, everyMs }: Track, track: number, all: readonly Track[]): Beat[] {
  const phase = (track / all.length) * everyMs
  return Array.from({ length: count }, (_, at) => ({ track, at: phase + at * everyMs }))
}
