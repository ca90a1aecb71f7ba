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

/**
 * Sends every frame through `step`, in order. There is no other way from the readable to the writable end.
 *
 * A loop instead of `pipeThrough`: a TransformStream in between doubles what a small frame costs.
 */
export async function pipeFrames(transformer: Transformer, step: FrameStep): Promise<void> {
  const reader = transformer.readable.getReader()
  const writer = transformer.writable.getWriter()
  // When the connection closes, no frame passes any more, which is what must happen: nobody needs to be told.
  const ignore = (): undefined => undefined
  writer.closed.catch((error: unknown) => reader.cancel(error)).catch(ignore)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (!(await step(value))) continue
      if ((writer.desiredSize ?? 0) <= 0) await writer.ready
      writer.write(value).catch(ignore)
    }
    await writer.close()
  } catch (error) {
    await Promise.all([reader.cancel(error).catch(ignore), writer.abort(error).catch(ignore)])
  }
}
