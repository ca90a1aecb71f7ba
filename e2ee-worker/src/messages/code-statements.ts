/**
 * What members say to each other during a run of the meeting code: commit, acknowledge, reveal, and judge.
 */
import { type Reader, join, u8, type Bytes } from '../wire.ts'

const SID_BYTES = 16
const HASH_BYTES = 32

/** Binds its sender to a random value that it has not shown yet. The first one of a `sid` begins the run. */
export interface CodeCommit {
  readonly type: 'code-commit'
  /** 16 random bytes of whoever began the run. */
  readonly sid: Bytes
  readonly commit: Bytes
}

/** Its sender holds the commits of everybody, and they hash to this. */
export interface CodeAck {
  readonly type: 'code-ack'
  readonly sid: Bytes
  readonly digest: Bytes
}

/** The random value behind the commit. */
export interface CodeReveal {
  readonly type: 'code-reveal'
  readonly sid: Bytes
  readonly r: Bytes
}

/** What a person said of the code that was shown: the same as everybody's, or not. */
export interface CodeResult {
  readonly type: 'code-result'
  readonly sid: Bytes
  readonly equal: boolean
}

export type CodeStatement = CodeCommit | CodeAck | CodeReveal | CodeResult

export const ENCODE_CODE = {
  'code-commit': ({ sid, commit }: CodeCommit) => join(sid, commit),
  'code-ack': ({ sid, digest }: CodeAck) => join(sid, digest),
  'code-reveal': ({ sid, r }: CodeReveal) => join(sid, r),
  'code-result': ({ sid, equal }: CodeResult) => join(sid, u8(equal ? 1 : 0)),
}

export const DECODE_CODE = {
  'code-commit': (reader: Reader): CodeCommit => ({
    type: 'code-commit',
    sid: reader.bytes(SID_BYTES),
    commit: reader.bytes(HASH_BYTES),
  }),
  'code-ack': (reader: Reader): CodeAck => ({
    type: 'code-ack',
    sid: reader.bytes(SID_BYTES),
    digest: reader.bytes(HASH_BYTES),
  }),
  'code-reveal': (reader: Reader): CodeReveal => ({
    type: 'code-reveal',
    sid: reader.bytes(SID_BYTES),
    r: reader.bytes(HASH_BYTES),
  }),
  'code-result': (reader: Reader): CodeResult => ({
    type: 'code-result',
    sid: reader.bytes(SID_BYTES),
    equal: reader.bit() === 1,
  }),
}
