import t, { type Test } from 'tap'
import { SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import { COUNTERSIGN_AFTER_END_MS } from '../../protocol/messages/receipt.ts'
import { signatureHolds } from '../../signaling/keys/ed25519.ts'
import { HandClock } from './hand-clock.ts'
import { pair, reattach } from './paired-session.ts'
import { startService } from './running-service.ts'

const HASH = 'h'.repeat(43)
const sign = (hash: unknown = HASH) => ({ t: 'receipt.sign', hash })

async function started(t: Test) {
  const clock = new HandClock()
  const service = await startService({
    dataFolder: t.testdir(),
    env: { LOTSE_LOG_LEVEL: 'trace' },
    replaced: { clock, pingEveryMs: Number.MAX_SAFE_INTEGER },
  })
  t.teardown(() => service.stop())
  await service.recorder()
  return { service, clock, ...(await pair(service)) }
}

t.test('[R5] the service signs the hash of a receipt with the card key, once a session', async (t) => {
  const { service, clock, customer, opened } = await started(t)
  const { signed } = (await customer.ask(sign(), 'receipt.signed')) as unknown as { signed: SignedDocument }
  const { cardKey } = JSON.parse((opened.policy as SignedDocument).document)
  t.ok(signatureHolds(cardKey, SIGNING_CONTEXT.countersignature, signed))
  t.notOk(signatureHolds(cardKey, SIGNING_CONTEXT.card, signed), 'it is no card')
  t.same(JSON.parse(signed.document), {
    v: 1,
    sessionId: opened.sessionId,
    receipt: HASH,
    atMs: clock.nowMs(),
    audit: null,
  })
  for (const hash of [HASH, 'i'.repeat(43)]) {
    customer.send(sign(hash))
    t.equal(await customer.refusal(), 'wrong-state')
  }
  customer.send({ t: 'session.leave', reason: 'customer-ended' })
  customer.send(sign())
  t.equal(await customer.refusal(), 'wrong-state', 'nor after the end')
  t.notMatch(service.log(), HASH, 'and the log knows nothing of it')
})

t.test(
  '[R5] where the expert has ended the session, the receipt is still signed for a short while',
  async (t) => {
    const { clock, customer, expert, opened } = await started(t)
    expert.send({ t: 'session.leave', reason: 'expert-ended' })
    await customer.next('session.ended')
    clock.turn(COUNTERSIGN_AFTER_END_MS - 1)
    const { signed } = (await customer.ask(sign(), 'receipt.signed')) as unknown as { signed: SignedDocument }
    t.match(JSON.parse(signed.document), { sessionId: opened.sessionId, receipt: HASH })
  },
)

t.test('[S2] too late, from nobody, from the expert or of a wrong form it is refused', async (t) => {
  const { service, clock, customer, expert, joined } = await started(t)
  expert.send(sign())
  t.same([await expert.refusal(), await expert.closed], ['unknown-type', 4400])
  const nobody = await service.customer()
  nobody.send(sign())
  t.equal(await nobody.refusal(), 'wrong-state')
  for (const hash of [null, 5, '', 'h'.repeat(42), `${HASH}=`, { document: 'x' }]) {
    const socket = await service.customer()
    socket.send(sign(hash))
    t.same([await socket.refusal(), await socket.closed], ['malformed', 4400], JSON.stringify(hash))
  }
  customer.send({ t: 'session.leave', reason: 'customer-ended' })
  await customer.settled()
  clock.turn(COUNTERSIGN_AFTER_END_MS)
  customer.send(sign())
  t.equal(await customer.refusal(), 'session-over')
  const back = await service.customer()
  back.send(reattach(joined))
  t.equal(await back.refusal(), 'session-over', 'a socket that was not there at the end is not let in for it')
  back.send(sign())
  t.equal(await back.refusal(), 'wrong-state')
})
