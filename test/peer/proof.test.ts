import fc from 'fast-check'
import t from 'tap'
import { toBase64Url } from '../../peer/base64url.ts'
import { newHailKeys } from '../../peer/hail.ts'
import type { Handshake, HandshakeStep } from '../../peer/handshake.ts'
import { answerHail, hailRecorder } from '../../peer/handshake.ts'
import { Proof, type ProofInput } from '../../peer/proof.ts'
import { type LineKeys, SealedLine } from '../../peer/sealed-line.ts'

const card = { document: '{"name":"Anna"}', signature: 'A'.repeat(86) }
const input: Omit<ProofInput, 'role'> = {
  secret: '123456',
  sessionId: 'a'.repeat(22),
  origin: 'https://support.example',
  card,
}

/** Runs both ends against each other; the last step of each. */
function run(customer: Handshake, expert: Handshake): [HandshakeStep | undefined, HandshakeStep | undefined] {
  const ends = [customer, expert]
  const last: [HandshakeStep | undefined, HandshakeStep | undefined] = [undefined, undefined]
  const queue = customer.start().map((message) => ({ to: 1, message }))
  for (let next = queue.shift(); next; next = queue.shift()) {
    const step = ends[next.to]!.receive(next.message)
    last[next.to] = step
    if (step.state === 'failed') break
    for (const message of step.send) queue.push({ to: 1 - next.to, message })
  }
  return last
}

function prove(differs: Partial<ProofInput> = {}): [HandshakeStep | undefined, HandshakeStep | undefined] {
  return run(new Proof({ ...input, role: 'customer' }), new Proof({ ...input, role: 'expert', ...differs }))
}

function keys(step: HandshakeStep | undefined): LineKeys {
  if (step?.state !== 'proved') throw new Error('no key')
  return step.keys
}

t.test('[T1] the same secret gives both ends the same keys, crosswise', async (t) => {
  const [customer, expert] = prove().map(keys)
  t.same(customer!.send, expert!.receive)
  t.same(customer!.receive, expert!.send)
  t.same(customer!.fingerprints, expert!.fingerprints)
  t.notSame(customer!.send, customer!.receive)
})

t.test(
  '[T1] [T3] another secret, session, service or card is found out, by the customer first',
  async (t) => {
    const others: Partial<ProofInput>[] = [
      { secret: '123457' },
      { sessionId: 'b'.repeat(22) },
      { origin: 'https://support.example.net' },
      { card: { ...card, document: '{"name":"Eve"}' } },
      { card: { ...card, signature: 'B'.repeat(86) } },
    ]
    for (const differs of others) {
      const [customer, expert] = prove(differs)
      t.match(customer, { state: 'failed', reason: 'wrong-number' }, JSON.stringify(differs))
      t.not(expert?.state, 'proved')
    }
  },
)

t.test('[T1] whatever comes out of turn ends the proof and gives no key', async (_t) => {
  const message = fc.oneof(
    fc.constant({ t: 'hail', y: 'A'.repeat(43) } as const),
    fc.constant({ t: 'share', y: 'A'.repeat(43), protocol: 1 } as const),
    fc.constant({ t: 'share', y: toBase64Url(new Uint8Array(32).fill(255)), protocol: 1 } as const),
    fc.constant({ t: 'confirm', tag: 'A'.repeat(86) } as const),
    fc.constant({ t: 'sealed', n: 0, box: 'AAAA' } as const),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('customer' as const, 'expert' as const),
      fc.array(message),
      (role, messages) => {
        const proof = new Proof({ ...input, role })
        proof.start()
        return messages.every((one) => proof.receive(one).state !== 'proved')
      },
    ),
    { numRuns: 60 },
  )
})

t.test('[T4] a hail is answered only by the recorder whose key the policy names', async (t) => {
  const [recorder, mallory] = [newHailKeys(), newHailKeys()]
  const hail = () => hailRecorder(toBase64Url(recorder.publicKey), input.sessionId)
  const [agent, honest] = run(hail(), answerHail(recorder, input.sessionId)).map(keys)
  t.same(agent!.send, honest!.receive)
  t.same(agent!.fingerprints, honest!.fingerprints)
  const [fooled, hostile] = run(hail(), answerHail(mallory, input.sessionId)).map(keys)
  t.notSame(fooled!.send, hostile!.receive, 'another recorder ends up with keys that open nothing')
})

t.test('[T1] a sealed line takes each message once, in order, and from the other end alone', async (t) => {
  const [customerKeys, expertKeys] = prove().map(keys)
  const customer = new SealedLine(customerKeys!, input.sessionId)
  const expert = new SealedLine(expertKeys!, input.sessionId)
  const stage = { t: 'stage', stage: 'deciding' } as const
  const [first, second, third] = [customer.seal(stage), customer.seal(stage), customer.seal(stage)]
  const open = (line: SealedLine, message: typeof first) =>
    line.open(message as Extract<typeof first, { t: 'sealed' }>)
  t.same(open(expert, first!), stage)
  t.throws(() => open(expert, first!), { code: 'malformed' }, 'replayed')
  t.same(open(expert, third!), stage)
  t.throws(() => open(expert, second!), { code: 'malformed' }, 'late')
  t.throws(() => open(customer, customer.seal(stage)), { code: 'malformed' }, 'reflected')
  const next = customer.seal(stage) as Extract<typeof first, { t: 'sealed' }>
  t.throws(() => open(expert, { ...next, n: next.n + 1 }), { code: 'malformed' }, 'renumbered')
  t.throws(() => open(expert, { ...next, box: `A${next.box.slice(1)}` }), { code: 'malformed' }, 'changed')
  const elsewhere = new SealedLine(expertKeys!, 'c'.repeat(22))
  t.throws(() => open(elsewhere, customer.seal(stage)), { code: 'malformed' }, 'of another session')
})
