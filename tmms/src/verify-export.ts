/** What `audit-verify.ts` is made of. */
export { readKeyLine } from './domain/audit/note.ts'
export { verifyExport } from './domain/audit/verify-export.ts'
