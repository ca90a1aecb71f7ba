/** How Chromium and stock Firefox are started here: fake media, and the local CA trusted like any other. */
import { resolve } from 'node:path'
import type { LaunchOptions } from '@playwright/test'

const root = resolve(import.meta.dirname, '../..')
const fixtures = resolve(root, '.test')
const environment = process.env as Record<string, string>

/** Pictures a second. See `camera.ts` for their size. */
const CAMERA_RATE = 10
export const FAKE_CAMERA = `--use-fake-device-for-media-stream=fps=${CAMERA_RATE}`

export const chromiumLaunch: LaunchOptions = {
  executablePath: environment['CHROMIUM_BIN'] ?? '/usr/bin/chromium',
  // Chromium reads its certificate store below HOME, so the machine's own store stays untouched.
  env: { ...environment, HOME: resolve(fixtures, 'trust/chromium-home') },
  args: [
    FAKE_CAMERA,
    '--use-fake-ui-for-media-stream',
    '--allow-loopback-in-peer-connection',
    '--autoplay-policy=no-user-gesture-required',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
  ],
}

/** No camera and no microphone may be used: the person refused. */
export const chromiumDeniedLaunch: LaunchOptions = {
  ...chromiumLaunch,
  args: (chromiumLaunch.args ?? []).map((argument) =>
    argument === '--use-fake-ui-for-media-stream' ? `${argument}=deny` : argument,
  ),
}

const quietPreferences = {
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'network.dns.localDomains':
    'firefox.settings.services.mozilla.com,content-signature-2.cdn.mozilla.net,firefox-settings-attachments.cdn.mozilla.net',
  'app.normandy.enabled': false,
  'nimbus.rollouts.enabled': false,
  'network.captive-portal-service.enabled': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'toolkit.telemetry.unified': false,
  'toolkit.telemetry.server': 'data:,',
  'dom.push.connection.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'media.gmp-manager.url': 'data:,',
  'browser.topsites.contile.enabled': false,
  'browser.newtabpage.activity-stream.feeds.topsites': false,
  'browser.ml.enable': false,
  'browser.backup.enabled': false,
}

const mediaPreferences = {
  'media.autoplay.default': 0,
  'media.navigator.video.default_fps': CAMERA_RATE,
  // Pages are painted twice for each picture of a camera, not sixty times a second.
  'layout.frame_rate': 2 * CAMERA_RATE,
  // A relay on loopback yields no candidate without this.
  'media.peerconnection.ice.loopback': true,
  // The back/forward cache makes page.goBack() hang over WebDriver BiDi.
  'browser.sessionhistory.max_total_viewers': 0,
}

const firefoxBase = {
  // Playwright makes a fresh profile for each launch; the wrapper seeds it with the local CA.
  executablePath: resolve(root, 'scripts/firefox-with-ca.sh'),
  env: environment,
}

export const firefoxLaunch: LaunchOptions = {
  ...firefoxBase,
  firefoxUserPrefs: {
    ...quietPreferences,
    ...mediaPreferences,
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'permissions.default.camera': 1,
    'permissions.default.microphone': 1,
  },
}

/** On a system set to dark colours and to little motion. */
export const firefoxNightLaunch: LaunchOptions = {
  ...firefoxLaunch,
  firefoxUserPrefs: {
    ...firefoxLaunch.firefoxUserPrefs,
    'ui.systemUsesDarkTheme': 1,
    'ui.prefersReducedMotion': 1,
  },
}

export const firefoxDeniedLaunch: LaunchOptions = {
  ...firefoxBase,
  firefoxUserPrefs: {
    ...quietPreferences,
    ...mediaPreferences,
    'media.navigator.streams.fake': true,
    'permissions.default.camera': 2,
    'permissions.default.microphone': 2,
  },
}
