/** The link that people join by: it pins the root key of this TMMS (docs/protocol.md section 1). */
import type { MeetingId } from '../../contract/ids.ts'
import { PAGES } from '../../contract/pages.ts'

/** Path and fragment; it ends with a letter or a digit, or mail programs would leave its end out of the link. */
export function meetingLink(id: MeetingId, rootThumbprint: string): string {
  return `${PAGES.join}${id}#v1.${rootThumbprint}`
}
