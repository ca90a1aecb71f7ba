// Which folder may import which: one table for the whole repository. eslint.arrows-rule.js holds imports against it.
// A place is a folder or a file, and the longest place that holds a file is the file's own. It may import what is listed
// and itself. A file in no place is refused. Tests may import all that their own package holds.
const worker = under('e2ee-worker/src')
const sfu = under('sfu/src')
const tmms = under('tmms/src')
const web = under('web/src')

const workerGround = worker(
  'protocol.ts',
  'calls.ts',
  'events.ts',
  'witness-protocol.ts',
  'codes.ts',
  'streams.ts',
  'member-view.ts',
  'errors.ts',
  'wire.ts',
  'clock.ts',
  'queue.ts',
)
const workerCrypto = [...workerGround, ...worker('sframe', 'keys', 'trust', 'messages')]
const workerFeature = [
  ...workerCrypto,
  ...worker('session/context.ts', 'session/feature.ts', 'session/members', 'session/outgoing'),
]
const sfuGround = sfu(
  'protocol.ts',
  'errors.ts',
  'limits.ts',
  'bucket.ts',
  'guarded.ts',
  'ip.ts',
  'shares.ts',
)
const tmmsContract = tmms('contract')
const tmmsGround = [...tmmsContract, ...tmms('errors.ts')]
const contracts = [
  ...worker(
    'client.ts',
    'password-client.ts',
    'witness-client.ts',
    'witness-protocol.ts',
    'protocol.ts',
    'calls.ts',
    'events.ts',
  ),
  ...sfu('protocol.ts'),
  ...tmmsContract,
]
const callContracts = contracts.filter((place) => !place.startsWith('tmms'))

/** @type {Readonly<Record<string, readonly string[]>>} */
export const ARROWS = {
  'server.ts': [
    'config.ts',
    'package.json',
    'ops',
    ...sfu('app.ts', 'tunnel', 'door/identity.ts', 'guarded.ts'),
    ...tmms('app.ts', 'store/data-folder.ts'),
  ],
  'rotate-root.ts': ['config.ts', ...tmms('rotate-root.ts')],
  'audit-verify.ts': tmms('verify-export.ts'),
  'config.ts': ['ops/smtp-url.ts'],
  ops: [],
  'ops/http-server.ts': sfu('door/bare-answer.ts'),
  'ops/certificate-watch.ts': ['ops', ...sfu('guarded.ts')],
  'ops/certificate-watch.test.ts': ['ops', 'sfu/test'],
  'ops/certificate-reload.test.ts': ['sfu/test'],
  'ops/audit-verify.test.ts': ['tmms/test'],
  certs: [],
  scripts: ['eslint.arrows.js', 'eslint.arrows-rule.js'],
  bench: [
    ...['server.ts', 'config.ts', 'e2ee-worker', 'sfu', 'tmms/src', 'tmms/test'],
    ...['web/src/call/signalling', 'web/e2e'],
  ],
  'web/e2e': ['server.ts', 'config.ts', ...contracts, 'e2ee-worker', 'sfu', 'web/src'],
  'playwright.config.ts': ['web/e2e'],
  'vitest.config.ts': [],
  'vitest.browser.config.ts': [],
  'eslint.config.js': ['eslint.arrows-rule.js'],
  'eslint.arrows-rule.js': ['eslint.arrows.js'],
  'eslint.arrows.js': [],

  'e2ee-worker/src': ['e2ee-worker/src'],
  'e2ee-worker/vectors': ['e2ee-worker/src'],
  'e2ee-worker/test': ['e2ee-worker'],
  ...each(workerGround, workerGround),
  'e2ee-worker/src/sframe': workerGround,
  'e2ee-worker/src/keys': [...workerGround, ...worker('sframe')],
  'e2ee-worker/src/trust': workerGround,
  'e2ee-worker/src/messages': [...workerGround, ...worker('keys', 'trust')],
  'e2ee-worker/src/session': ['e2ee-worker/src'],
  'e2ee-worker/src/session/context.ts': ['e2ee-worker/src'],
  'e2ee-worker/src/session/members': workerCrypto,
  'e2ee-worker/src/session/outgoing': workerGround,
  'e2ee-worker/src/session/incoming': workerFeature,
  'e2ee-worker/src/session/rotation': workerFeature,
  'e2ee-worker/src/session/moderation': workerFeature,
  'e2ee-worker/src/session/presence': workerFeature,
  'e2ee-worker/src/session/vouching': [...workerFeature, ...worker('transform')],
  'e2ee-worker/src/session/chat': workerFeature,
  'e2ee-worker/src/session/meeting-code': workerFeature,
  'e2ee-worker/src/transform': [...workerGround, ...worker('sframe', 'keys')],

  'sfu/src': ['sfu/src', ...tmmsContract],
  ...each(sfuGround, sfuGround),
  'sfu/src/wire': sfuGround,
  'sfu/src/door': [...sfuGround, ...sfu('wire'), ...tmmsContract],
  'sfu/src/room': [...sfuGround, ...sfu('wire', 'door'), ...tmms('contract/presence.ts')],
  'sfu/src/handlers': [...sfuGround, ...sfu('wire', 'door', 'room')],
  'sfu/src/media': [
    ...[...sfuGround, ...sfu('wire', 'room/forwarding.ts', 'door/identity.ts')],
    ...tmms('contract/presence.ts'),
  ],
  'sfu/src/tunnel': sfu('guarded.ts', 'ip.ts', 'shares.ts'),
  'sfu/test': ['sfu', ...tmmsContract],

  'tmms/src': ['tmms/src'],
  'tmms/src/contract': [],
  'tmms/src/errors.ts': tmmsContract,
  'tmms/src/domain': [...tmmsGround, ...tmms('store')],
  'tmms/src/guards': [...tmmsGround, ...tmms('domain')],
  'tmms/src/mail': [...tmmsGround, ...tmms('domain')],
  'tmms/src/jobs': [...tmmsGround, ...tmms('domain', 'mail', 'store')],
  'tmms/src/routes': [...tmmsGround, ...tmms('domain', 'guards', 'store')],
  'tmms/src/store': [...tmmsGround, ...tmms('domain')],
  'tmms/test': ['tmms'],

  'web/vite.config.ts': [],
  'web/precompress.ts': [],
  'web/breached-filter.ts': ['web/src/account'],
  'web/src': ['web/src', ...contracts],
  'web/src/paraglide': [],
  'web/test': ['web/src', ...contracts],
  'web/src/language.svelte.ts': [...web('paraglide'), ...tmmsContract],
  'web/src/account': [...contracts, ...web('paraglide')],
  'web/src/call': callContracts,
  // People of one name are told apart by words.
  'web/src/call/people': [...callContracts, ...web('call', 'paraglide')],
  'web/src/call/outcome': [...callContracts, ...web('call', 'paraglide')],
  'web/src/parts': [...web('paraglide', 'account'), ...tmmsContract],
  'web/src/parts/call': [...callContracts, ...web('call', 'paraglide', 'parts')],
  'web/src/screens': [...contracts, 'web/src'],
}

// Only these places may import these packages: what they stand for must not spread.
/** @type {Readonly<Record<string, readonly string[]>>} */
export const ONLY_IN = {
  mediasoup: sfu('media'),
  'socket.io': sfu('app.ts', 'door', 'wire'),
  express: tmms('app.ts', 'pages.ts', 'routes', 'guards'),
  kysely: tmms('store'),
  'node:sqlite': tmms('store'),
  nodemailer: tmms('mail'),
  'rate-limiter-flexible': tmms('domain/limits'),
  'zod-openapi': tmms('routes/openapi.ts'),
  'csv-parse': web('screens/admin/users'),
  'mediasoup-client': web('call/media', 'call/connection.ts'),
  'socket.io-client': [...web('call/signalling'), 'sfu/test', 'bench'],
}

/** @param {string} folder */
function under(folder) {
  return (/** @type {readonly string[]} */ ...names) => names.map((name) => `${folder}/${name}`)
}

/**
 * @param {readonly string[]} places
 * @param {readonly string[]} allowed
 */
function each(places, allowed) {
  return Object.fromEntries(places.map((place) => [place, allowed]))
}
