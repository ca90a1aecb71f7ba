/** `npm run setup`: everything `npm start` needs, without starting. */
import { prepare } from './prepare.mjs'
import { exitWith } from './processes.mjs'

await exitWith(async () => {
  await prepare()
  return 0
})
