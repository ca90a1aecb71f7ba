/** How long a browser may take to begin with a download: Firefox reads the text after the click, not at it. */
const KEPT_MS = 60_000

/** Hands a text to the browser's downloads. */
export function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
