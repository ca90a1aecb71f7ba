/**
 * What the transforms need of RTCRtpScriptTransformer and its frames; browsers differ in the rest, and tests bring their own.
 */

/** RTCEncodedVideoFrame or RTCEncodedAudioFrame; audio frames have no `type` in some browsers. */
export interface EncodedFrame {
  data: ArrayBuffer
  readonly type?: 'key' | 'delta' | 'empty'
}

export interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>
  readonly writable: WritableStream<EncodedFrame>
  /** Present on receiving sides; `generateKeyFrame` is not in Chromium, so nothing here uses it. */
  sendKeyFrameRequest?(): Promise<unknown>
}

/** Turns a frame into what goes on, in place, or says false: the frame is dropped. It must not throw. */
export type FrameStep = (frame: EncodedFrame) => Promise<boolean>

/** Sends every frame through `step`, in order. There is no other way from the readable to the writable end. */
export function pipeFrames(transformer: Transformer, step: FrameStep): Promise<void> {
  const through = new TransformStream<EncodedFrame, EncodedFrame>({
    async transform(frame, controller) {
      if (await step(frame)) controller.enqueue(frame)
    },
  })
  // The pipe breaks when the connection closes; then no frame passes at all, which is what must happen.
  return transformer.readable
    .pipeThrough(through)
    .pipeTo(transformer.writable)
    .catch(() => undefined)
}
