/** Devices that a test plugs in and pulls out: shown to the page as a browser shows real ones, over its fake media. */
import type { Page } from '@playwright/test'

export type Kind = 'audio' | 'video'

/** What `givePlugs` puts into the page. */
interface Plugs {
  readonly plug: (kind: Kind, id: string) => void
  readonly unplug: (kind: Kind, id: string) => void
  /** From now on the browser opens nothing until `release`. */
  readonly hold: () => void
  readonly release: () => void
  /** Kinds of the devices that are open: the browser's recording mark. */
  readonly open: () => readonly string[]
}

const MACHINE: Readonly<Record<Kind, readonly string[]>> = {
  audio: ['headset', 'built-in'],
  video: ['webcam'],
}

/** By default headset, built-in microphone and webcam, for every page that is opened from now on. */
export async function givePlugs(page: Page, machine = MACHINE): Promise<void> {
  await page.addInitScript((there) => {
    // The empty page before the first one has no devices.
    if (!globalThis.isSecureContext) return
    const devices = navigator.mediaDevices
    const real = devices.getUserMedia.bind(devices)
    const plugged = { audio: [...there.audio], video: [...there.video] }
    const used: { track: MediaStreamTrack; id: string; ended: (() => void)[] }[] = []
    let gate = Promise.resolve()
    let release = (): void => undefined
    const changed = (): void => void devices.dispatchEvent(new Event('devicechange'))

    const use = (track: MediaStreamTrack, id: string): void => {
      const ended: (() => void)[] = []
      const settings = track.getSettings()
      track.getSettings = () => ({ ...settings, deviceId: id })
      // Firefox lets no page dispatch `ended` on a track, so its listeners are called by hand.
      track.addEventListener = (type: string, listener: unknown) => {
        if (type === 'ended') ended.push(listener as () => void)
      }
      used.push({ track, id, ended })
    }
    devices.getUserMedia = async (wanted = {}) => {
      await gate
      const chosen = { audio: '', video: '' }
      for (const kind of ['audio', 'video'] as const) {
        const ask = wanted[kind]
        if (ask === undefined || ask === false) continue
        const exact = ask === true ? undefined : (ask.deviceId as { exact?: string } | undefined)
        const id = exact?.exact ?? plugged[kind][0]
        if (id === undefined || !plugged[kind].includes(id))
          throw new DOMException('not plugged in', 'NotFoundError')
        chosen[kind] = id
        if (ask !== true) delete ask.deviceId
      }
      const stream = await real(wanted)
      for (const track of stream.getTracks()) use(track, chosen[track.kind as 'audio' | 'video'])
      return stream
    }
    devices.enumerateDevices = () =>
      Promise.resolve(
        (['audio', 'video'] as const).flatMap((kind) =>
          plugged[kind].map(
            (id) => ({ kind: `${kind}input`, deviceId: id, label: id }) as MediaDeviceInfo,
          ),
        ),
      )
    const plugs: Plugs = {
      plug: (kind, id) => {
        plugged[kind].push(id)
        changed()
      },
      unplug: (kind, id) => {
        plugged[kind].splice(plugged[kind].indexOf(id), 1)
        for (const { track, id: own, ended } of used) {
          if (own !== id || track.readyState === 'ended') continue
          track.stop()
          for (const listener of ended) listener()
        }
        changed()
      },
      hold: () => {
        gate = new Promise((resolve) => (release = resolve))
      },
      release: () => release(),
      open: () =>
        used.filter(({ track }) => track.readyState === 'live').map(({ track }) => track.kind),
    }
    Object.assign(globalThis, { plugs })
  }, machine)
}

/** Does something with the plugs of this page. */
export function plug(page: Page, what: 'plug' | 'unplug', kind: Kind, id: string): Promise<void> {
  return page.evaluate(
    ([verb, ...device]) => {
      ;(globalThis as unknown as { plugs: Plugs }).plugs[verb](...device)
    },
    [what, kind, id] as const,
  )
}

export function openings(page: Page, what: 'hold' | 'release'): Promise<void> {
  return page.evaluate((verb) => {
    ;(globalThis as unknown as { plugs: Plugs }).plugs[verb]()
  }, what)
}

export function openKinds(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (globalThis as unknown as { plugs: Plugs }).plugs.open())
}
