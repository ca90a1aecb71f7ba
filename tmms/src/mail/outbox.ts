/** Writes every mail as a file into the outbox, whole or not at all, and tells whoever prints links. */
import { readdirSync, rmSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import type { Language } from '../contract/accounts.ts'
import type { Mail, Mailer, Recipient } from '../domain/mailer.ts'
import { TmmsError } from '../errors.ts'
import { calendarFor, type CalendarPart } from './calendar.ts'
import { asHtml, asText, type Version } from './layout.ts'
import { letterFor } from './texts.ts'

export interface OutboxOptions {
  readonly folder: string
  readonly origin: string
  readonly now: () => number
  readonly onMail:
    ((mail: { to: string; subject: string; links: readonly string[] }) => void) | undefined
}

const UNFINISHED = /^\..*\.eml\.new$/
const LANGUAGES: readonly Language[] = ['fr', 'en']

export function openOutbox(options: OutboxOptions): Mailer {
  const { folder, origin, now, onMail } = options
  const host = new URL(origin).hostname
  dropUnfinished(folder)
  const composer = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    // Mails are made of our own strings: nothing in them may be fetched or read from disk.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  let written = 0
  return {
    send: async (to, mail) => {
      const versions = versionsFor(to, mail)
      const subject = versions[0]?.letter.subject ?? ''
      const calendar = calendarPart(to, mail, { host, nowMs: now() })
      const { message } = await composer.sendMail({
        from: { name: 'Huisclos', address: `no-reply@${host}` },
        to: { name: '', address: to.email },
        subject,
        date: new Date(now()),
        headers: { 'Auto-Submitted': 'auto-generated' },
        text: asText(versions),
        html: asHtml(versions),
        ...(calendar === null ? {} : { icalEvent: { ...calendar, filename: 'meeting.ics' } }),
      })
      written += 1
      await writeWhole(folder, fileName(now(), written), message)
      onMail?.({ to: to.email, subject, links: linksOf(mail) })
    },
  }
}

function versionsFor(to: Recipient, mail: Mail): readonly Version[] {
  const others = LANGUAGES.filter((language) => language !== to.language)
  return [to.language, ...others].map((language) => ({
    language,
    letter: letterFor(language, mail),
  }))
}

function calendarPart(
  to: Recipient,
  mail: Mail,
  stamp: { host: string; nowMs: number },
): CalendarPart | null {
  if (mail.kind !== 'invitation' && mail.kind !== 'cancellation') return null
  return calendarFor(mail.meeting, to.email, { ...stamp, cancelled: mail.kind === 'cancellation' })
}

function linksOf(mail: Mail): readonly string[] {
  switch (mail.kind) {
    case 'welcome':
    case 'reset':
      return [mail.link]
    case 'invitation':
      return [mail.validateLink, mail.meeting.link].filter((link) => link !== null)
    case 'cancellation':
      return []
  }
}

/** What a kill has left: nobody will finish these mails, and the links in them let their reader in. */
function dropUnfinished(folder: string): void {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch {
    // No mail was ever written.
    return
  }
  for (const name of names) if (UNFINISHED.test(name)) rmSync(join(folder, name))
}

// Sorts by time; no colon, which some file systems refuse.
function fileName(nowMs: number, count: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')
  return `${time}-${String(count).padStart(4, '0')}.eml`
}

async function writeWhole(
  folder: string,
  name: string,
  message: Buffer | NodeJS.ReadableStream,
): Promise<void> {
  if (!Buffer.isBuffer(message)) throw new TmmsError('internal', 'The mail was not composed whole.')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const aside = join(folder, `.${name}.new`)
  // Links in it let their reader in: readable by the owner of the process only.
  await writeFile(aside, message, { mode: 0o600, flag: 'wx' })
  await rename(aside, join(folder, name))
}
