/**
 * The product in the hands of an attacker: TMMS, tunnel and media are real, and the TCS lies on command.
 *
 * Commands come over the IPC channel of the process that started this one. Nothing of it exists in the product.
 */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../../config.ts'
import { serve } from '../../../server.ts'
import { AttackerKey, type Attacker } from './attacker.ts'
import type { CommandMessage, CommandName, Commands, Replies, ReplyMessage } from './commands.ts'
import { tapKeySet } from './key-set-tap.ts'
import { LIES } from './lies.ts'
import { Parties } from './parties.ts'
import { StolenMedia } from './stolen-media.ts'
import { Wire, type Lie } from './wire.ts'

const parties = new Parties()
const wire = new Wire(parties)
const media = new StolenMedia()
const rootFile = join(process.env['HC_DATA_DIR'] ?? '', 'keys', 'root.pem')
const attacker: Attacker = {
  ...{ wire, media, key: new AttackerKey() },
  rootKey: () => createPrivateKey(readFileSync(rootFile)),
}
wire.tap()
media.tap()
tapKeySet(wire)

const COMMANDS: {
  readonly [C in CommandName]: (args: Commands[C]) => Replies[C] | Promise<Replies[C]>
} = {
  lie: ({ lie, args }) => {
    const begin = LIES[lie] as (attacker: Attacker, args: object) => Lie | undefined
    const begun = begin(attacker, args)
    if (begun !== undefined) wire.lies.add(begun)
    return null
  },
  truth: () => {
    wire.lies.clear()
    return null
  },
  asked: ({ mid, who }) => parties.find(mid, who).asked,
  listen: async ({ mid, who, source, packets }) => {
    const party = parties.find(mid, who)
    const producer = parties.producersOf(party).find((one) => one.source === source)
    if (producer === undefined) throw new Error(`${who} sends no ${source}`)
    const heard = await media.listen(media.routerOf(party), producer.producerId, packets)
    return heard.map((packet) => packet.toString('base64'))
  },
}

process.on('message', ({ id, command, args }: CommandMessage) => {
  const run = COMMANDS[command] as (args: Commands[CommandName]) => unknown
  const answer = (message: ReplyMessage): void => void process.send?.(message)
  Promise.resolve(args)
    .then(run)
    .then(
      (reply) => answer({ id, ok: true, reply }),
      (error: unknown) => answer({ id, ok: false, error: String(error) }),
    )
})

const running = await serve(readConfig(process.env, `${import.meta.dirname}/../../..`), {
  print: (line) => void process.stdout.write(`${line}\n`),
})
process.stdout.write(`Huisclos is ready: https://localhost:${running.port}/\n`)
if (running.setupLink !== null) process.stdout.write(`First administrator: ${running.setupLink}\n`)
process.on('SIGTERM', () => {
  void running.close().then(() => process.exit(0))
})
