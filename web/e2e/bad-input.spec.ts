/** What people get wrong, and links that do not work, in both languages: each has its sentence, and nothing typed is lost. */
import type { Browser, Page } from '@playwright/test'
import { acceptLink, admin, call, meetingOf, pageOf, visitorIn } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import type { HuisclosServer, Person } from './server.ts'

const LANGUAGES = [
  { code: 'en', locale: 'en-GB' },
  { code: 'fr', locale: 'fr-FR' },
] as const
const SENTENCES = {
  en: {
    signIn: 'Sign in',
    wrong: /E-mail and password do not match/,
    badEmail: /Enter an e-mail address such as/,
    used: 'This link has already been used',
    unknown: 'This link is not known',
    open: 'Open my account',
    firstTime: 'First time here?',
    account: 'I have an account',
    past: /This time has passed/,
    send: 'Send the invitations',
    incomplete: 'Your link is incomplete',
    unsupported: 'This browser cannot encrypt calls',
    badInvited: /These 2 entries are not e-mail addresses: nobody@, Bob\./,
  },
  fr: {
    signIn: 'Se connecter',
    wrong: /ne correspondent pas/,
    badEmail: /Saisissez une adresse/,
    used: 'Ce lien a déjà été utilisé',
    unknown: 'Ce lien est inconnu',
    open: 'Ouvrir mon compte',
    firstTime: 'Première visite ?',
    account: 'J’ai un compte',
    past: /Cette heure est passée/,
    send: 'Envoyer les invitations',
    incomplete: 'Votre lien est incomplet',
    unsupported: 'Ce navigateur ne peut pas chiffrer les appels',
    badInvited: /Ces 2 éléments ne sont pas des adresses e-mail\s: nobody@, Bob\./,
  },
} as const

for (const { code, locale } of LANGUAGES) {
  const said = SENTENCES[code]

  // The words are the same in every browser; what differs is shown in one language.
  test.describe(`in ${code === 'en' ? 'English' : 'French'}`, code === 'fr' ? ONCE : {}, () => {
    test('a wrong password and a malformed address say so and keep what was typed', async ({
      browsers,
      server,
      thisBrowser,
    }) => {
      await admin(server)
      const page = await visitor(browsers[thisBrowser], locale)
      await page.goto(`${server.origin}/sign-in`)
      const email = page.locator('input[type=email]')
      const password = page.locator('input[autocomplete=current-password]')
      await email.fill('nobody@example.org')
      await password.fill('not my password at all')
      await page.getByRole('button', { name: said.signIn, exact: true }).click()
      await expect(page.getByText(said.wrong).first()).toBeVisible()
      await expect(email).toHaveValue('nobody@example.org')

      // Over WebDriver BiDi, filling an e-mail field anew adds to what is there.
      await email.press('ControlOrMeta+a')
      await email.pressSequentially('not an address')
      await page.getByRole('button', { name: said.signIn, exact: true }).click()
      await expect(page.getByText(said.badEmail).first()).toBeVisible()
      await expect(email).toHaveValue('not an address')
      await page.context().close()
    })

    test('used and unknown links say what to do', async ({ browsers, server, thisBrowser }) => {
      const { organiser } = await meetingOf(server, 0)
      const address = `late-${code}-${thisBrowser}@example.org`
      const invited = { email: address, role: 'user', language: code }
      await call(server, 'POST /api/admin/accounts', invited, organiser.cookies)
      const link = (await server.mailFor(address)).links.find((one) => one.includes('/welcome#'))!
      const welcome = await visitor(browsers[thisBrowser], locale)
      await welcome.goto(link)
      await welcome.locator('input[type=password]').first().fill('short')
      await welcome.getByRole('button', { name: said.open }).click()
      await expect(welcome.locator('input[type=password]').first()).toHaveAttribute(
        'aria-invalid',
        'true',
      )
      // Said once, not above and below the field in two wordings.
      await expect(welcome.getByText(/\b12\b/)).toHaveCount(1)
      await welcome.context().close()
      await acceptLink(server, link, { email: address, firstName: 'Late', lastName: 'Comer' })

      const page = await visitor(browsers[thisBrowser], locale)
      await page.goto(link)
      await expect(page.getByRole('heading', { name: said.used })).toBeVisible()
      await page.goto('about:blank')
      await page.goto(`${server.origin}/welcome#${'A'.repeat(43)}`)
      await expect(page.getByRole('heading', { name: said.unknown })).toBeVisible()
      await page.goto('about:blank')
      await page.goto(`${server.origin}/welcome`)
      await expect(page.getByRole('heading', { name: said.incomplete })).toBeVisible()
      await page.context().close()
    })

    test('U1 whoever clicks Join without an account sees both ways at once', async ({
      browsers,
      server,
      thisBrowser,
    }) => {
      const { link } = await meetingOf(server, 0)
      const page = await visitor(browsers[thisBrowser], locale)
      for (const [width, height] of [
        [1366, 768],
        [390, 664],
      ] as const) {
        await page.setViewportSize({ width, height })
        await page.goto('about:blank')
        await page.goto(link)
        for (const name of [said.firstTime, said.account])
          await expect(page.getByRole('heading', { name })).toBeInViewport({ ratio: 1 })
        await expect(page.locator('input[type=email]')).toBeInViewport({ ratio: 1 })
      }
      await page.context().close()
    })

    test('U4 everything wrong with a plan is said at once and nothing is lost', async ({
      browsers,
      server,
      thisBrowser,
    }) => {
      const organiser = await speaking(server, await admin(server), code)
      const { page, context } = await pageOf(browsers[thisBrowser], organiser, { locale })
      await page.goto(`${server.origin}/meetings/new`)
      await page.locator('input[maxlength]').first().fill('Retrospective')
      await page.locator('input[type=date]').fill('2020-01-01')
      // Laptops are no taller than this.
      await page.setViewportSize({ width: 1366, height: 768 })
      await expect(page.getByRole('button', { name: said.send })).toBeInViewport({ ratio: 1 })
      const people = page.locator('textarea')
      await people.fill('Ada <ada@example.org>, nobody@; Bob')
      await page.getByRole('button', { name: said.send }).click()
      await expect(page.getByText(said.past).first()).toBeVisible()
      await expect(page.getByText(said.badInvited).first()).toBeVisible()
      await expect(page.locator('input[maxlength]').first()).toHaveValue('Retrospective')
      await expect(people).toHaveValue('Ada <ada@example.org>, nobody@; Bob')
      // A sentence goes with what it is about: the start that counts no more, or another time.
      const now = page.getByRole('checkbox').first()
      await now.check()
      await expect(page.getByText(said.past)).toHaveCount(0)
      await now.uncheck()
      await expect(page.getByText(said.past)).toHaveCount(1)
      await page.locator('input[type=time]').fill('10:10')
      await expect(page.getByText(said.past)).toHaveCount(0)
      await context.close()
      // The administrator serves the tests that follow, too.
      await speaking(server, organiser, 'en')
    })

    test('M5 a cut meeting link and a browser without transforms are refused', async ({
      browsers,
      server,
      thisBrowser,
    }) => {
      const { link, people } = await meetingOf(server, 1)
      const guest = await speaking(server, people[0]!, code)
      const { page, context } = await pageOf(browsers[thisBrowser], guest, { locale })
      await page.goto(link.slice(0, -20))
      await expect(page.getByRole('heading', { name: said.incomplete })).toBeVisible()
      await page.addInitScript(() => {
        Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform')
      })
      await page.goto('about:blank')
      await page.goto(link)
      await expect(page.getByRole('heading', { name: said.unsupported })).toBeVisible()
      await context.close()
    })
  })
}

/** The account's own language wins over the browser's. */
async function speaking(
  server: HuisclosServer,
  person: Person,
  language: 'en' | 'fr',
): Promise<Person> {
  await call(server, 'PATCH /api/me', { language }, person.cookies)
  return person
}

async function visitor(browser: Browser, locale: string): Promise<Page> {
  return (await visitorIn(browser, { locale })).newPage()
}
