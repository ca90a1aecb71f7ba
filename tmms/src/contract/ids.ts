/** Identifiers: 128 random bits as 22 characters of base64url. Branded, so that two kinds cannot be swapped. */
import { z } from 'zod'

const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

export const accountId = id.brand<'AccountId'>()
export const meetingId = id.brand<'MeetingId'>()
export const groupId = id.brand<'GroupId'>()
export const apiTokenId = id.brand<'ApiTokenId'>()
export type AccountId = z.infer<typeof accountId>
export type MeetingId = z.infer<typeof meetingId>
export type GroupId = z.infer<typeof groupId>
export type ApiTokenId = z.infer<typeof apiTokenId>
