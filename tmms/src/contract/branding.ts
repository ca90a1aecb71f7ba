/** How an installation shows itself: what pages are told before anybody has signed in, and its logo. */
import { z } from 'zod'
import { SHIPPED_ACCENTS } from './brand.ts'
import { LOGO_MAX_BYTES } from './limits.ts'
import { nothing, text, type RouteShape } from './route.ts'

/** The area of the settings; its logo is set on its own. */
export const brandingSettings = z
  .strictObject({
    /** In the head and title of pages, and in mails. */
    name: text.default('Huisclos'),
    /** Of what is pressed and of links, `#rrggbb`. */
    accentLight: text.default(SHIPPED_ACCENTS.light),
    accentDark: text.default(SHIPPED_ACCENTS.dark),
    /** At the end of pages and mails; empty for none. */
    footer: text.default(''),
    /** `https:`, or empty. */
    footerLink: text.default(''),
  })
  .readonly()
export type BrandingSettings = z.output<typeof brandingSettings>

/** What everybody sees of it. */
export const branding = z
  .strictObject({
    name: z.string(),
    /** Path of the picture on this server, or null. */
    logo: z.string().nullable(),
    accentLight: z.string(),
    accentDark: z.string(),
    footer: z.string(),
    footerLink: z.string(),
  })
  .readonly()
export type Branding = z.infer<typeof branding>

const writes = { who: 'administrator', scope: 'settings:write' } as const

export const brandingRoutes = {
  'PUT /api/admin/branding/logo': {
    ...writes,
    about: 'Sets the logo: the bytes of a PNG, JPEG or WebP picture, with its content type.',
    rawMaxBytes: LOGO_MAX_BYTES,
    reply: z.strictObject({ branding }),
  },
  'POST /api/admin/branding/logo/delete': {
    ...writes,
    about: 'Removes the logo.',
    body: nothing,
    reply: z.strictObject({ branding }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
