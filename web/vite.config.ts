/** Builds the web client so that it runs under the strict CSP: nothing inline, nothing from elsewhere. */
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    svelte(),
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      // The locale is application state (language.svelte.ts); no cookie and no URL decides it.
      strategy: ['globalVariable', 'baseLocale'],
      emitReadme: false,
    }),
  ],
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
