/** What tiles and lists do to their elements: play a track, tell when and how large they are visible, stay at the end. */
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { PictureWatch } from '../../../call/media/picture-watch.ts'

/**
 * Plays one track, without sound of its own.
 *
 * @param onpicture - hears true with the first picture, and false when the element goes
 */
export function plays(
  track: MediaStreamTrack,
  onpicture: (shown: boolean) => void = () => undefined,
): Attachment<HTMLVideoElement> {
  return (element) => {
    element.srcObject = new MediaStream([track])
    const picture = element.requestVideoFrameCallback(() => onpicture(true))
    // Pictures without sound may always play; a rejection only means that the element has gone already.
    void element.play().catch(() => undefined)
    return () => {
      element.cancelVideoFrameCallback(picture)
      element.srcObject = null
      onpicture(false)
    }
  }
}

const LOOK_MS = 500

/**
 * Tells when the picture of a playing element has stopped, and when it goes on.
 *
 * @param seen - whether the element is in sight
 */
export function stops(
  seen: () => boolean,
  onstop: (stopped: boolean) => void,
): Attachment<HTMLVideoElement> {
  return (element) => {
    const watch = new PictureWatch(performance.now())
    let asked = 0
    let stopped = false
    const look = (): void => {
      const now = watch.look(performance.now(), untrack(seen) && !document.hidden)
      if (now !== stopped) onstop(now)
      stopped = now
      // One picture per look is enough to know: a callback for each would cost a busy machine more.
      asked ||= element.requestVideoFrameCallback(() => {
        asked = 0
        watch.picture(performance.now())
      })
    }
    const timer = setInterval(look, LOOK_MS)
    return () => {
      clearInterval(timer)
      element.cancelVideoFrameCallback(asked)
      onstop(false)
    }
  }
}

/** @param onlines height in device pixels, 0 while not visible */
export function watches(onlines: (lines: number) => void): Attachment<HTMLElement> {
  return (element) => {
    let seen = false
    const tell = (): void => {
      onlines(
        seen ? Math.max(1, Math.round(element.clientHeight * globalThis.devicePixelRatio)) : 0,
      )
    }
    const intersection = new IntersectionObserver((entries) => {
      seen = entries.at(-1)?.isIntersecting ?? false
      tell()
    })
    const size = new ResizeObserver(tell)
    intersection.observe(element)
    size.observe(element)
    return () => {
      intersection.disconnect()
      size.disconnect()
      onlines(0)
    }
  }
}

/** Whoever reads the end of what scrolls goes on seeing it when the element becomes lower: a field below it grew. */
export const keepsEnd: Attachment<HTMLElement> = (element) => {
  let atEnd = true
  let height = element.clientHeight
  const note = (): void => {
    // Where a list stands that has just become lower says nothing about its reader.
    if (element.clientHeight !== height) return
    atEnd = element.scrollHeight - element.scrollTop - height < NEARLY_PX
  }
  const size = new ResizeObserver(() => {
    height = element.clientHeight
    if (atEnd) element.scrollTop = element.scrollHeight
  })
  element.addEventListener('scroll', note)
  size.observe(element)
  return () => {
    element.removeEventListener('scroll', note)
    size.disconnect()
  }
}

const NEARLY_PX = 24
