/** Writes a Brotli and a gzip version beside every built text file, so that no server compresses while people wait. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXTS = ['.js', '.css', '.svg', '.json', '.wasm']
const assets = join(import.meta.dirname, 'dist/assets')

for (const name of readdirSync(assets)) {
  if (!TEXTS.includes(extname(name))) continue
  const file = join(assets, name)
  const text = readFileSync(file)
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(`${file}.br`, brotliCompressSync(text, { params: quality }))
  writeFileSync(`${file}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }))
}
