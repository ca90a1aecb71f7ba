/** Worker entry: hashes one password and answers; the page ends the worker, and with it the memory that held the password. */
import { codeOf } from './errors.ts'
import { authOf, type HashParams } from './hash-password.ts'

onmessage = ({ data }: MessageEvent<{ password: string; params: HashParams }>) => {
  authOf(data.password, data.params).then(
    (auth) => postMessage({ auth }),
    (error: unknown) => postMessage({ code: codeOf(error) }),
  )
}
