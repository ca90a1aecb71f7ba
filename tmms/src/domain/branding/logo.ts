/** The logo: checked when it comes, kept in the database, and served under a name that says what is in it. */
import { createHash } from 'node:crypto'
import { LOGO_MAX_BYTES, LOGO_MAX_PIXELS } from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { pictureOf, type PictureType } from './picture.ts'

/** Beside the area of the settings, so that no route of settings reads or writes them. */
const LOGO_AREA = 'branding-logo'
const BYTES_AREA = 'branding-logo-bytes'

/** What pages are told of it on every start; the bytes are kept apart. */
interface KeptLogo {
  /** Such as `aTFg….png`. */
  readonly file: string
  readonly type: PictureType
}

/** Path on this server, or null when there is none. */
export async function logoPath(rows: Rows): Promise<string | null> {
  const logo = await keptLogo(rows)
  return logo === null ? null : `/branding/${logo.file}`
}

/** Undefined for every name but that of the logo in use. */
export async function readLogo(
  rows: Rows,
  file: string,
): Promise<{ readonly type: PictureType; readonly bytes: Buffer } | undefined> {
  const logo = await keptLogo(rows)
  if (logo?.file !== file) return undefined
  const bytes = await rows.settings.read(BYTES_AREA)
  return typeof bytes === 'string'
    ? { type: logo.type, bytes: Buffer.from(bytes, 'base64') }
    : undefined
}

/** @throws {TmmsError} `invalid-logo` in a sentence that says what a logo may be. */
export async function writeLogo(context: Context, actor: Actor, bytes: Buffer): Promise<void> {
  await keep(context, actor, { logo: checkLogo(bytes), bytes: bytes.toString('base64') })
}

export async function deleteLogo(context: Context, actor: Actor): Promise<void> {
  await keep(context, actor, { logo: null, bytes: null })
}

function checkLogo(bytes: Buffer): KeptLogo {
  const picture = pictureOf(bytes)
  if (picture === null) throw invalid('a whole PNG, JPEG or WebP picture that does not move')
  const { type, width, height } = picture
  const sides = [width, height]
  if (sides.some((side) => side < 1 || side > LOGO_MAX_PIXELS)) {
    throw invalid(`at most ${LOGO_MAX_PIXELS} pixels wide and high`)
  }
  if (bytes.length > LOGO_MAX_BYTES) throw invalid(`at most ${LOGO_MAX_BYTES} bytes long`)
  const hash = createHash('sha256').update(bytes).digest('base64url')
  return { file: `${hash}.${type.slice('image/'.length)}`, type }
}

function invalid(what: string): TmmsError {
  return new TmmsError(
    'invalid-logo',
    `A logo is ${what}. SVG is not taken, because it can hold programs: save it as PNG.`,
  )
}

async function keep(
  context: Context,
  actor: Actor,
  { logo, bytes }: { readonly logo: KeptLogo | null; readonly bytes: string | null },
): Promise<void> {
  await context.store.atomically(async (rows) => {
    await rows.settings.write(LOGO_AREA, logo, context.now())
    await rows.settings.write(BYTES_AREA, bytes, context.now())
    await record(rows, actor, context.now(), {
      action: 'setting-changed',
      object: { kind: 'setting', id: 'branding', name: 'branding' },
      details: { changed: ['logo'] },
    })
  })
}

async function keptLogo(rows: Rows): Promise<KeptLogo | null> {
  return ((await rows.settings.read(LOGO_AREA)) ?? null) as KeptLogo | null
}
