/** What is pasted into the chat as it can be sent: the worker refuses controls and halves of characters. */

/** Vertical tab, form feed and the separators of word processors are line breaks to whoever pasted them. */
const BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/gu
const LONE_SURROGATE = /\p{Cs}/gu
const CONTROLS = /(?![\n\t])\p{Cc}/gu

export function cleanDraft(draft: string): string {
  return draft.replace(BREAKS, '\n').replace(CONTROLS, '').replace(LONE_SURROGATE, '\ufffd').trim()
}
