import { expect, it, vi } from 'vitest'
import { shortcutOf } from './shortcuts.ts'

class FakeElement {
  readonly #selector: string
  constructor(selector = '') {
    this.#selector = selector
  }
  closest(selectors: string): this | null {
    return selectors.split(', ').includes(this.#selector) ? this : null
  }
}
vi.stubGlobal('Element', FakeElement)

const press = (key: string, over: object = {}) =>
  shortcutOf({ key, target: new FakeElement('button'), ...over } as unknown as KeyboardEvent)

it('M is the microphone, V the camera and C the chat, in both cases', () => {
  expect(press('m')).toBe('audio')
  expect(press('M')).toBe('audio')
  expect(press('v')).toBe('video')
  expect(press('C')).toBe('chat')
  expect(press('x')).toBeNull()
})

it.each(['ctrlKey', 'altKey', 'metaKey', 'shiftKey', 'repeat', 'isComposing', 'defaultPrevented'])(
  'nothing happens with %s',
  (held) => {
    expect(press('v', { [held]: true })).toBeNull()
  },
)

it.each(['input', 'select', 'textarea', '[contenteditable]'])('nothing happens in %s', (field) => {
  expect(press('m', { target: new FakeElement(field) })).toBeNull()
})
