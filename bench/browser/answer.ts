/** A worker's side of the page's questions. livekit-client's worker listens to the same messages and finds nothing for it. */

interface Asked {
  readonly id: number
  readonly question: object
}

export function answerPage(reply: (question: never) => Promise<unknown>): void {
  addEventListener('message', ({ data }: MessageEvent<Partial<Asked>>) => {
    const { id, question } = data
    if (id === undefined || question === undefined) return
    reply(question as never).then(
      (answer) => postMessage({ id, answer }),
      (error: unknown) => postMessage({ id, failed: String(error) }),
    )
  })
}
