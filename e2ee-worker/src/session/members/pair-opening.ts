/** Makes the two ends of a pair key with a member, out of one epoch of ours and one HELLO of the member. */
import { E2eeError } from '../../errors.ts'
import type { Encapsulated } from '../../keys/kem.ts'
import { derivePair, type PairKey } from '../../keys/pair.ts'
import { ReceivePair, SendPair } from '../../messages/envelope.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import { sha256, type Bytes } from '../../wire.ts'
import type { Me, OwnEpoch } from './me.ts'

export async function openSending(me: Me, own: OwnEpoch, theirs: VerifiedHello): Promise<SendPair> {
  const kem = me.suite === 2 ? await me.kem.encapsulate(theirs.kemPub) : null
  return new SendPair(await derive({ me, own, theirs }, 'to', kem), {
    from: me.memberId,
    to: theirs.memberId,
    epochFrom: own.epoch,
    epochTo: theirs.epoch,
    kemCt: kem?.ciphertext ?? new Uint8Array(0),
  })
}

/** @throws E2eeError E_ENV_AUTH when suite 2 needs a KEM ciphertext and none came. */
export async function openReceiving(
  me: Me,
  own: OwnEpoch,
  theirs: VerifiedHello,
  ciphertext: Bytes,
): Promise<ReceivePair> {
  if (own.kemKey === null) return new ReceivePair(await derive({ me, own, theirs }, 'from', null))
  // The envelopes that carried the ciphertext were lost or withheld: this one cannot be opened.
  if (ciphertext.byteLength === 0) throw new E2eeError('E_ENV_AUTH')
  const secret = await own.kemKey.decapsulate(ciphertext)
  return new ReceivePair(await derive({ me, own, theirs }, 'from', { secret, ciphertext }))
}

/** Erases the KEM secret. */
async function derive(
  { me, own, theirs }: { me: Me; own: OwnEpoch; theirs: VerifiedHello },
  direction: 'to' | 'from',
  kem: Encapsulated | null,
): Promise<PairKey> {
  const ours = { id: me.memberId, hash: own.hash }
  const member = { id: theirs.memberId, hash: theirs.hash }
  const [from, to] = direction === 'to' ? [ours, member] : [member, ours]
  const pair = await derivePair({
    suite: me.suite,
    from: from.id,
    to: to.id,
    helloHashFrom: from.hash,
    helloHashTo: to.hash,
    ek: own.ephemeral.privateKey,
    peerEk: theirs.ek,
    psk: me.link.psk,
    kem: kem && { secret: kem.secret, ciphertextHash: await sha256(kem.ciphertext) },
  })
  kem?.secret.fill(0)
  return pair
}
