/**
 * The product with one falsehood: its TCS signs with a key that the TMMS does not certify, as it would if somebody stood
 * between people and the real one with a certificate that their browsers accept.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIdentity } from '@huisclos/sfu/identity'
import { readConfig } from '../../config.ts'
import { serve } from '../../server.ts'

const falseIdentity = await openIdentity(mkdtempSync(join(tmpdir(), 'huisclos-false-tcs-')), false)
const config = readConfig(process.env, `${import.meta.dirname}/../..`)
const running = await serve(config, { falseIdentity })
process.stdout.write(`Huisclos is ready: ${config.origin}/\n`)
if (running.setupLink !== null) process.stdout.write(`First administrator: ${running.setupLink}\n`)
process.on('SIGTERM', () => {
  void running.close().then(() => process.exit(0))
})
