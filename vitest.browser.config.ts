// The tests that must hold in the engines people use: the known answers, in Chromium and in stock Firefox.
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Found while tests run, they would have the page reloaded under them.
  optimizeDeps: { include: ['idb', 'jose'] },
  test: {
    include: ['e2ee-worker/src/**/*.browser.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [
        {
          browser: 'chromium',
          provider: playwright({
            launchOptions: {
              executablePath: '/usr/bin/chromium',
              args: [
                '--allow-loopback-in-peer-connection',
                '--autoplay-policy=no-user-gesture-required',
              ],
            },
          }),
        },
        {
          browser: 'firefox',
          provider: playwright({
            launchOptions: {
              channel: 'moz-firefox',
              executablePath: '/usr/bin/firefox-esr',
              firefoxUserPrefs: {
                'media.peerconnection.ice.loopback': true,
                'media.autoplay.default': 0,
              },
            },
          }),
        },
      ],
    },
  },
})
