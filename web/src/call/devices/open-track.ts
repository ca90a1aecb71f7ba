/** Asks the browser for cameras and microphones, for both in one question when both are wanted at once. */
import { problemOf } from './device-problem.ts'
import type { DeviceKind } from './device-state.ts'

/** @throws the browser's error, see `problemOf`. */
export type OpenTrack = (kind: DeviceKind, deviceId: string | null) => Promise<MediaStreamTrack>

export interface Browser {
  readonly getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>
  readonly permissionOf: (kind: DeviceKind) => Promise<PermissionState>
}

interface Question {
  readonly kind: DeviceKind
  readonly deviceId: string | null
  readonly resolve: (track: MediaStreamTrack | Promise<MediaStreamTrack>) => void
  readonly reject: (error: unknown) => void
}

/** @returns asks for what is wanted within one task in one question. */
export function openTogether(browser: Browser): OpenTrack {
  let waiting: Question[] = []
  return (kind, deviceId) =>
    new Promise((resolve, reject) => {
      waiting.push({ kind, deviceId, resolve, reject })
      if (waiting.length > 1) return
      queueMicrotask(() => {
        const questions = waiting
        waiting = []
        void (questions.length > 1 ? askBoth(browser, questions) : askEach(browser, questions))
      })
    })
}

async function askBoth(browser: Browser, questions: readonly Question[]): Promise<void> {
  try {
    const stream = await browser.getUserMedia(
      Object.assign({}, ...questions.map(constraintsOf)) as MediaStreamConstraints,
    )
    for (const question of questions) {
      const track = stream.getTracks().find((each) => each.kind === question.kind)
      if (track === undefined) question.reject(new DOMException('', 'NotFoundError'))
      else question.resolve(track)
    }
  } catch (error) {
    if (problemOf(error) === 'refused') await refuse(browser, questions, error)
    else await askEach(browser, questions)
  }
}

/**
 * A refusal answers for both: asking again would only show the same question twice more. Yet one of the two may have
 * been allowed before, and then opens without a question.
 */
async function refuse(
  browser: Browser,
  questions: readonly Question[],
  error: unknown,
): Promise<void> {
  for (const question of questions) {
    if ((await browser.permissionOf(question.kind)) === 'granted')
      await askEach(browser, [question])
    else question.reject(error)
  }
}

/** One after the other: two questions at once would lie on top of each other. */
async function askEach(browser: Browser, questions: readonly Question[]): Promise<void> {
  for (const question of questions) {
    try {
      question.resolve(await askPreferring(browser, question))
    } catch (error) {
      question.reject(error)
    }
  }
}

async function askPreferring(browser: Browser, question: Question): Promise<MediaStreamTrack> {
  try {
    return await ask(browser, question)
  } catch (error) {
    // The remembered device is not plugged in today: any other is better than none.
    if (question.deviceId === null || problemOf(error) !== 'missing') throw error
    return ask(browser, { ...question, deviceId: null })
  }
}

async function ask(browser: Browser, question: Question): Promise<MediaStreamTrack> {
  const track = (await browser.getUserMedia(constraintsOf(question))).getTracks()[0]
  if (track === undefined) throw new DOMException('', 'NotFoundError')
  return track
}

function constraintsOf({ kind, deviceId }: Question): MediaStreamConstraints {
  const chosen = deviceId === null ? {} : { deviceId: { exact: deviceId } }
  return kind === 'video'
    ? {
        video: {
          ...chosen,
          width: { ideal: 1280 },
          height: { ideal: 720 },
          frameRate: { ideal: 30 },
        },
      }
    : {
        audio: { ...chosen, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      }
}
