/** Microphones of this machine that a test plugs in and pulls out: tones in the sound server that the tests start. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

async function pactl(...args: readonly string[]): Promise<string> {
  return (await run('pactl', args)).stdout.trim()
}

export class ToneMicrophone {
  readonly #name: string
  readonly #module: string

  private constructor(name: string, module: string) {
    this.#name = name
    this.#module = module
  }

  static async plugIn(name: string, frequency: number): Promise<ToneMicrophone> {
    const options = [`source_name=${name}`, `frequency=${frequency}`]
    const properties = `source_properties=device.description=${name}`
    return new ToneMicrophone(
      name,
      await pactl('load-module', 'module-sine-source', ...options, properties),
    )
  }

  get name(): string {
    return this.#name
  }

  async unplug(): Promise<void> {
    await pactl('unload-module', this.#module)
  }
}

/** How many programs record from any microphone now, as the machine itself says. */
export async function recordings(): Promise<number> {
  const list = await pactl('list', 'short', 'source-outputs')
  return list === '' ? 0 : list.split('\n').length
}
