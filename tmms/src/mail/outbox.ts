/** Writes every mail as a file into the outbox, whole or not at all. */
import { readdirSync, rmSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import { TmmsError } from '../errors.ts'
import type { Delivery, Transport } from './transport.ts'

const UNFINISHED = /^\..*\.eml\.new$/
const PARALLEL = 4

export function openOutbox(folder: string): Transport {
  dropUnfinished(folder)
  const composer = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
  })
  return {
    parallel: PARALLEL,
    deliver: async (message) => {
      try {
        const { message: whole } = await composer.sendMail(message)
        if (!Buffer.isBuffer(whole)) throw new TmmsError('internal', 'It was not composed whole.')
        const name = fileName(message)
        await writeWhole(folder, name, whole)
        return { outcome: 'sent', answer: name }
      } catch (error) {
        return failure(folder, error)
      }
    },
    close: () => undefined,
  }
}

function failure(folder: string, error: unknown): Delivery {
  const { code = 'unknown' } = error as { code?: string }
  const answer = `The folder ${folder} cannot be written (${code}).`
  return { outcome: 'failed', answer, everybody: true, unsure: true }
}

/** What a kill has left: these mails are still in the queue, and the links in them let their reader in. */
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

// Sorts by time; no colon, which some file systems refuse. A mail that is written again has the same name.
function fileName({ date, messageId = '' }: SendMailOptions): string {
  const time = new Date(date ?? 0).toISOString().replaceAll(/[:.]/g, '-')
  return `${time}-${/[\w-]+/.exec(messageId)?.[0] ?? ''}.eml`
}

async function writeWhole(folder: string, name: string, message: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const aside = join(folder, `.${name}.new`)
  // Links in it let their reader in: readable by the owner of the process only.
  const file = await open(aside, 'w', 0o600)
  try {
    await file.writeFile(message)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, join(folder, name))
  // The queue forgets what it said once it is here, so the name must be on disk, too.
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
