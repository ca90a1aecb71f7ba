/** The link that people join by: it pins the root key of this TMMS (e2ee1.md). */
import type { MeetingId } from '../../contract/ids.ts'
import { PAGES } from '../../contract/pages.ts'

/** Path and fragment. The dash stands where a link secret would, which the TMMS never learns. */
export function meetingLink(id: MeetingId, rootThumbprint: string): string {
  return `${PAGES.join}${id}#v1.${rootThumbprint}.-`
}
