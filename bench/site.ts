/** Builds the workers as the product is built and serves them, with a page, on this machine. */
import { createServer, type ServerResponse } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'vite'

const PARTS = join(import.meta.dirname, 'browser')
const WORKERS = ['ours', 'livekit', 'bare', 'metronome', 'streamed', 'vouching']

// Shared memory for the metronome, and clocks of 5 us in Chromium and 20 us in Firefox, need these.
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

export interface Site {
  readonly url: string
  close(): Promise<void>
}

export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'huisclos-bench-'))
  await build({
    ...{ configFile: false, logLevel: 'warn', root: PARTS },
    build: {
      ...{ outDir: folder, emptyOutDir: true, reportCompressedSize: false },
      // As in web/vite.config.ts.
      target: ['chrome141', 'firefox128', 'safari18'],
      rolldownOptions: {
        input: WORKERS.map((name) => join(PARTS, `${name}.ts`)),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  const server = createServer((request, response) => {
    void serve(folder, request.url ?? '/', response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function serve(folder: string, path: string, response: ServerResponse): Promise<void> {
  const [file, type] =
    path === '/'
      ? [join(PARTS, 'page.html'), 'text/html']
      : [join(folder, basename(path)), 'text/javascript']
  try {
    const body = await readFile(file)
    response.writeHead(200, { 'content-type': type, ...ISOLATED }).end(body)
  } catch {
    response.writeHead(404).end()
  }
}
