/** Forms that hold what is not saved, known to the frame that asks before it is lost. */

/** Of the context that the frame sets. */
export const UNSAVED = Symbol('unsaved')

export interface Unsaved {
  /** @param form the same object each time */
  set: (form: object, unsaved: boolean) => void
}

/** What a form holds: equal texts for equal contents. */
export function contentsOf({ elements }: HTMLFormElement): string {
  return JSON.stringify([...elements].map(valueOf))
}

function valueOf(element: Element): string | boolean | null {
  if (element instanceof HTMLInputElement)
    return ['checkbox', 'radio'].includes(element.type) ? element.checked : element.value
  const holds = element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement
  return holds ? element.value : null
}
