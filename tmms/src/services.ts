/** Makes everything that handlers call. */
import type { TmmsOptions } from './app.ts'
import { PasswordResets } from './domain/accounts/reset.ts'
import { Bearers } from './domain/api-tokens/bearer.ts'
import type { Context } from './domain/context.ts'
import { Joining } from './domain/meetings/join.ts'
import { DeviceProofs } from './domain/sign-in/device-proof.ts'
import { SignIn } from './domain/sign-in/sign-in.ts'
import type { SystemSource } from './domain/system/system.ts'
import type { Services } from './routes/endpoint.ts'

export function servicesFor(
  options: TmmsOptions,
  context: Context,
  { keys, log, mail }: Pick<Services, 'keys' | 'log' | 'mail'>,
): Services {
  const proofs = new DeviceProofs(context.now)
  const { tcsOrigin, version, e2eeSuite, vouching } = options
  const policy = { suite: e2eeSuite, vouching }
  return {
    context,
    signIn: new SignIn(context),
    bearers: new Bearers(context),
    resets: new PasswordResets(context),
    joining: new Joining(context, { keys, proofs, tcsOrigin, policy }),
    keys,
    log,
    mail,
    version,
    system: options.system ?? alone(version),
    since: context.now(),
  }
}

function alone(version: string): SystemSource {
  const running = { version, changelog: '' }
  return { running, onDisk: () => Promise.resolve(null), tcsState: () => [] }
}
