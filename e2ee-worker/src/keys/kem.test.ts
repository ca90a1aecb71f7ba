/** Runs the ML-KEM-768 tests in Node, which has one of its own. */
import { kemTests } from '../../test/kem-tests.ts'

await kemTests('Node')
