/** Builds the web client so that it runs under the strict CSP: nothing inline, nothing from elsewhere. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  // Texts are compiled before (`npm run texts`): Paraglide's plugin keeps Vite alive for half a minute.
  plugins: [svelte()],
  build: {
    // The first versions with RTCRtpScriptTransform, without which no call can be encrypted, or later.
    target: ['chrome141', 'firefox128', 'safari18'],
    sourcemap: false,
    modulePreload: { polyfill: false },
    // `data:` addresses would need room in the CSP.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
})
