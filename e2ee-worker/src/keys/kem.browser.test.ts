/** Runs the ML-KEM-768 tests in the browser: Chromium's own against JavaScript, and JavaScript alone in Firefox. */
import { kemTests } from '../../test/kem-tests.ts'

await kemTests(navigator.userAgent)
