import { afterEach, describe, expect, test, vi } from 'vitest'
import { HttpMeetingServer } from './http-meeting-server.ts'

const token = `h.${btoa('{"iat":1000}').replace(/=+$/, '')}.s`
const invitation = { token, mid: 'm', msid: 's', title: 'Board', tcsOrigin: 'https://tcs' }
const GRANT = { ...invitation, expiresInS: 900, endsAt: '1970-01-01T01:00:00.000Z' }
const shown = { ...invitation, expiresInS: 900, endsInMs: 2_600_000 }
const ours = { 'huisclos-api': '1' }
const refusal = (code: string, headers: Record<string, string> = {}) =>
  Response.json({ code, message: '' }, { status: 401, headers: { ...ours, ...headers } })

function answers(...responses: readonly Response[]) {
  const fetching = vi.fn<typeof fetch>()
  for (const response of responses) fetching.mockResolvedValueOnce(response)
  vi.stubGlobal('fetch', fetching)
  vi.stubGlobal('location', { origin: 'https://meet.example' })
  return fetching
}
const prove = vi.fn(({ nonce }: { nonce?: string }) =>
  Promise.resolve({ proof: `with ${nonce ?? 'none'}` }),
)
const proofs = (fetching: ReturnType<typeof answers>) =>
  fetching.mock.calls.map(([, init]) => (init?.headers as Record<string, string>)['dpop'])

afterEach(() => vi.unstubAllGlobals())

describe('asking for the invitation', () => {
  test('takes one request when the clock of this computer is right', async () => {
    const fetching = answers(Response.json(GRANT, { headers: ours }))
    expect(await new HttpMeetingServer('m').fetchGrant(prove)).toEqual(shown)
    expect(proofs(fetching)).toEqual(['with none'])
  })

  test('I8 a clock that is wrong costs one more, with the nonce of the server', async () => {
    const asked = refusal('use-dpop-nonce', { 'dpop-nonce': 'n1' })
    const fetching = answers(asked, Response.json(GRANT, { headers: ours }))
    expect(await new HttpMeetingServer('m').fetchGrant(prove)).toEqual(shown)
    expect(proofs(fetching)).toEqual(['with none', 'with n1'])
  })

  test('does not go on for ever, nor after another refusal', async () => {
    const again = () => refusal('use-dpop-nonce', { 'dpop-nonce': 'n' })
    answers(again(), again())
    await expect(new HttpMeetingServer('m').fetchGrant(prove)).rejects.toMatchObject({
      code: 'use-dpop-nonce',
    })
    const fetching = answers(refusal('bad-proof', { 'dpop-nonce': 'n' }))
    await expect(new HttpMeetingServer('m').fetchGrant(prove)).rejects.toMatchObject({
      code: 'bad-proof',
    })
    expect(fetching).toHaveBeenCalledTimes(1)
  })
})
