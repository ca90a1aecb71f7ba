/** How loud the microphone is, for the gauge of the device check and the ring around one's own tile. */

const STEP_MS = 60
/** About the level of speech at arm's length; the gauge is full there. */
const FULL_SCALE = 0.25

export class Gauge {
  #level = $state(0)
  readonly #context: AudioContext
  readonly #analyser: AnalyserNode
  readonly #source: MediaStreamAudioSourceNode
  readonly #samples: Float32Array<ArrayBuffer>
  readonly #timer: ReturnType<typeof setInterval>

  constructor(track: MediaStreamTrack) {
    this.#context = new AudioContext()
    this.#analyser = this.#context.createAnalyser()
    this.#analyser.fftSize = 1024
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]))
    this.#source.connect(this.#analyser)
    // Before the first click of the person browsers may keep it suspended; the gauge then stays at zero.
    void this.#context.resume()
    this.#timer = setInterval(() => this.#measure(), STEP_MS)
  }

  /** 0 (silence) to 1 (loud). */
  get level(): number {
    return this.#level
  }

  close(): void {
    clearInterval(this.#timer)
    this.#source.disconnect()
    void this.#context.close()
  }

  #measure(): void {
    if (this.#context.state === 'suspended') void this.#context.resume()
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let sum = 0
    for (const sample of this.#samples) sum += sample * sample
    const loudness = Math.sqrt(sum / this.#samples.length) / FULL_SCALE
    // Rises at once and falls slowly, so that single syllables can be seen.
    this.#level = Math.min(1, Math.max(Math.sqrt(loudness), this.#level * 0.8))
  }
}
