/** Reads CHANGELOG.md: a heading for each version, a list under it. */
import type { VersionChanges } from '../../contract/system.ts'

const UNRELEASED = /^unreleased$/i
const SECURITY = /^\*\*Security:\*\*\s*/

export function readChangelog(markdown: string): readonly VersionChanges[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n')
      const version = heading.trim()
      return {
        version: UNRELEASED.test(version) ? null : version,
        changes: entriesOf(lines).map((entry) => ({
          security: SECURITY.test(entry),
          text: plain(entry.replace(SECURITY, '')),
        })),
      }
    })
}

/** Lines that go on with an entry are indented. */
function entriesOf(lines: readonly string[]): readonly string[] {
  const entries: string[] = []
  for (const line of lines) {
    if (line.startsWith('- ')) entries.push(line.slice(2).trim())
    else if (/^\s+\S/.test(line) && entries.length > 0) {
      entries.push(`${entries.pop() ?? ''} ${line.trim()}`)
    }
  }
  return entries
}

/** What stands there without the signs of Markdown. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*\*|`/g, '')
}
