/** Which member of a body a schema refused. */
import type { z } from 'zod'

/** Such as `title` or `invited.3`; empty for the whole. Of unknown members the first. */
export function wrongMember(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [...issue.path, ...unknown].join('.')
}
