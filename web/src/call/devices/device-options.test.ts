import { expect, it } from 'vitest'
import { optionsOf } from './device-options.ts'

const microphone = (deviceId: string, label: string) =>
  ({ kind: 'audioinput', deviceId, label }) as const

it('D8 two devices with one id are one choice, for the list could not be shown otherwise', () => {
  const devices = [microphone('a', 'Headset'), microphone('b', 'Spare'), microphone('a', 'Headset')]
  expect(optionsOf(devices, 'audioinput')).toEqual([
    { id: 'a', label: 'Headset' },
    { id: 'b', label: 'Spare' },
  ])
})

it('those without an id cannot be chosen, and those of another kind are not among them', () => {
  const camera = { kind: 'videoinput', deviceId: 'c', label: 'Camera' } as const
  expect(optionsOf([microphone('', ''), camera], 'audioinput')).toEqual([])
})
