import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ARROWS, ONLY_IN } from '../eslint.arrows.js'
import { faultOf } from '../eslint.arrows-rule.js'

const root = join(import.meta.dirname, '..')

describe('the arrows between folders', () => {
  it('every place of the table exists', () => {
    const places = [...Object.entries(ARROWS), ...Object.entries(ONLY_IN)].flatMap(
      ([place, allowed]) => (place in ONLY_IN ? allowed : [place, ...allowed]),
    )
    expect(places.filter((place) => !existsSync(join(root, place)))).toEqual([])
  })

  it.each([
    ['e2ee-worker/src/sframe/cipher.ts', '../keys/kid.ts'],
    ['e2ee-worker/src/session/chat/chat.ts', '../moderation/moderation.ts'],
    ['e2ee-worker/src/trust/token.ts', '@huisclos/sfu/protocol'],
    ['sfu/src/wire/schemas.ts', '../room/room.ts'],
    ['sfu/src/tunnel/relay.ts', '../protocol.ts'],
    ['sfu/src/room/room.ts', '@huisclos/tmms/app'],
    ['tmms/src/domain/context.ts', '../routes/api.ts'],
    ['web/src/call/media/media.ts', '../../account/api.ts'],
    ['web/src/call/media/media.ts', '@huisclos/sfu/app'],
    ['config.ts', './server.ts'],
    ['bench/report.ts', '../web/src/main.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(faultOf(file, specifier)).toContain('may not import')
  })

  it.each([
    ['sfu/src/room/room.ts', 'mediasoup'],
    ['tmms/src/domain/context.ts', 'kysely'],
    ['tmms/src/domain/sign-in/sign-in.ts', 'express'],
    ['web/src/screens/Screen.svelte', 'socket.io-client'],
  ])('%s may not import the package %s', (file, specifier) => {
    expect(faultOf(file, specifier)).toContain(`may import ${specifier}`)
  })

  it('a file that stands in no place is refused', () => {
    expect(faultOf('drawer/things.ts', './other.ts')).toContain('stands in no place')
  })

  it.each([
    ['sfu/src/door/proof.ts', '@huisclos/tmms/contract/tokens'],
    ['web/src/call/media/media.ts', '@huisclos/e2ee-worker/client'],
    ['sfu/src/media/media.ts', 'mediasoup'],
    ['e2ee-worker/src/session/chat/chat.test.ts', '../moderation/moderation.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(faultOf(file, specifier)).toBeUndefined()
  })
})
