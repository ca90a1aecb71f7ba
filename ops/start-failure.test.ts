import { describe, expect, it } from 'vitest'
import { startFailure } from './start-failure.ts'

const place = { host: '192.0.2.1', port: 443 }
const listening = (code: string): Error =>
  Object.assign(new Error(code), { code, syscall: 'listen' })

describe('why the program cannot start', () => {
  it('O9 a port in use is said in one sentence', () => {
    expect(startFailure(listening('EADDRINUSE'), place)).toBe(
      'Port 443 is used by another program: stop it, or set HC_PORT to another port.',
    )
  })

  it('a port that needs more rights, and an address of another machine, are named', () => {
    expect(startFailure(listening('EACCES'), place)).toContain('may not open port 443')
    expect(startFailure(listening('EADDRNOTAVAIL'), place)).toContain('no address 192.0.2.1')
  })

  it('an error of our own is its sentence, without a stack', () => {
    const error = Object.assign(new Error('HC_PORT must be a number.'), { name: 'ConfigError' })
    expect(startFailure(error, place)).toBe('HC_PORT must be a number.')
  })

  it('what nobody expected keeps its stack', () => {
    expect(startFailure(new TypeError('odd'), place)).toContain('start-failure.test.ts')
  })
})
