/** Runs the known answers in the browser's own WebCrypto. */
import { e2ee1FrameTests, rfc9605Tests } from '../../vectors/known-answers.ts'
import { rfc9605 } from '../../vectors/load.ts'

rfc9605Tests(navigator.userAgent, crypto.subtle, rfc9605)
e2ee1FrameTests(navigator.userAgent, crypto.subtle)
