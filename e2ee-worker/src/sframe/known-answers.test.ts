/** Runs the known answers in Node's WebCrypto and, to tell our faults from the engine's, in a second implementation. */
import { readFileSync } from 'node:fs'
import { Crypto } from '@peculiar/webcrypto'
import { e2ee1FrameTests, rfc9605Tests } from '../../vectors/known-answers.ts'
import { parseSframeVectors, rfc9605 } from '../../vectors/load.ts'

const peculiar = new Crypto().subtle

rfc9605Tests("Node's WebCrypto", crypto.subtle, rfc9605)
rfc9605Tests('@peculiar/webcrypto', peculiar, rfc9605)
e2ee1FrameTests("Node's WebCrypto", crypto.subtle)
e2ee1FrameTests('@peculiar/webcrypto', peculiar)

const fullSet = process.env['RFC9605_VECTORS']
if (fullSet) {
  const vectors = parseSframeVectors(readFileSync(fullSet, 'utf8'))
  rfc9605Tests('Node (full set)', crypto.subtle, vectors)
  rfc9605Tests('@peculiar/webcrypto (full set)', peculiar, vectors)
}
