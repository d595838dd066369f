import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { MAX_SIGNALING_BYTES } from '../../protocol/messages/signaling.ts'
import { REFUSAL_CODES, type RefusalCode } from '../../protocol/refusals.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { pair } from './paired-session.ts'
import { type RunningService, startService } from './running-service.ts'
import type { TestSocket } from './test-socket.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const SEED = Number(process.env.LOTSE_FUZZ_SEED ?? 20_300_103)
const TYPES = [
  ...['session.open', 'session.reattach', 'session.leave', 'relay', 'number.join'],
  ...['receipt.sign', 'recorder.ready', 'recorder.done', 'refused', 'session.ended', 'nonsense', '__proto__'],
]
const id = fc.constantFrom('a'.repeat(22), 'b'.repeat(43), '123', '', '\u0000', 'äöü')
const field = fc.oneof(
  id,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('customer', 'expert', 'recorder', 1, null),
)
/** Looks like one of ours and is nearly always wrong somewhere. */
const nearMessage = fc
  .record(
    {
      t: fc.constantFrom(...TYPES),
      to: field,
      body: field,
      sessionId: field,
      token: field,
      nameplate: field,
      protocol: field,
      reason: field,
      key: field,
      hash: field,
    },
    { requiredKeys: ['t'] },
  )
  .map((message) => JSON.stringify(message))
const attack: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: nearMessage },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.string({ maxLength: 300 }) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: nearMessage.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map((times) => 'x'.repeat(MAX_SIGNALING_BYTES * times + 1)) },
  { weight: 1, arbitrary: fc.constant('['.repeat(MAX_SIGNALING_BYTES)) },
  { weight: 1, arbitrary: fc.constant(`{"t":"relay","to":"customer","body":"${'A'.repeat(90_000)}"}`) },
)
/** Not even a WebSocket frame. */
const rawBytes = fc.uint8Array({ minLength: 2, maxLength: 60 })

const ANSWERS = new Set(['refused', 'session.opened'])
const KNOWN = new Set<unknown>(REFUSAL_CODES)
/** A stranger's nonsense is never a fault of ours. */
const OUR_FAULTS = new Set<unknown>(['internal', 'storage-failed'] satisfies RefusalCode[])

async function assault(socket: TestSocket, batch: readonly (string | Uint8Array)[], raw: Uint8Array | null) {
  for (const data of batch) if (socket.ws.readyState === socket.ws.OPEN) socket.ws.send(data)
  // `ws` keeps its TCP socket to itself; what breaks the framing can't be sent any other way.
  if (raw) (socket.ws as unknown as { _socket?: { write(data: Uint8Array): void } })._socket?.write(raw)
  socket.ws.close()
  await socket.closed
}

t.test(`[S2] malformed, oversized and binary messages on all three sockets disturb nobody`, async (t) => {
  const open = { burst: 1e9, perSecond: 1e9 }
  const limits = { ...LIMITS, messages: open, bytes: open }
  const service: RunningService = await startService({ dataFolder: t.testdir(), replaced: { limits } })
  t.teardown(() => service.stop())
  const recorder = await service.recorder()
  const cookie = await service.login()
  const bystanders = await pair(service, cookie)
  await recorder.next('recorder.assign')
  await bystanders.expert.next('peer')
  t.comment(`seed ${SEED}`)

  let heapBefore = 0
  let runs = 0
  const undisturbed = async () => {
    const { expert, customer } = bystanders
    const body = `run${runs}`
    expert.send({ t: 'relay', to: 'customer', body })
    if ((await customer.next('relayed')).body !== body) throw new Error('the customer got something else')
    customer.send({ t: 'relay', to: 'expert', body })
    if ((await expert.next('relayed')).body !== body) throw new Error('the expert got something else')
    customer.send({ t: 'relay', to: 'recorder', body })
    if ((await recorder.next('relayed')).body !== body) throw new Error('the recorder got something else')
    const stray = [expert, customer, recorder].flatMap(({ all }) =>
      all.splice(0).filter(({ t }) => !['relayed', 'session.opened', 'session.joined', 'peer'].includes(t)),
    )
    const unexpected = stray.filter(({ t }) => t !== 'recorder.assign' && t !== 'refused')
    if (runs > 1 && stray.length > 0) throw new Error(`a bystander got ${JSON.stringify(stray)}`)
    if (unexpected.length > 0) throw new Error(`a bystander got ${JSON.stringify(unexpected)}`)
  }

  const sockets = {
    expert: () => service.expert(cookie),
    customer: () => service.customer(),
    recorder: () => service.recorder(null),
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('expert', 'customer', 'recorder'),
      fc.array(attack, { minLength: 1, maxLength: 12 }),
      fc.option(rawBytes, { freq: 4 }),
      async (role, batch, raw) => {
        runs++
        const socket = await sockets[role as keyof typeof sockets]()
        await assault(socket, batch, raw)
        for (const answer of socket.all) {
          if (!ANSWERS.has(answer.t)) throw new Error(`answered with ${answer.t}`)
          if (answer.t !== 'refused') continue
          if (!KNOWN.has(answer.code)) throw new Error(`refused with ${answer.code}`)
          if (OUR_FAULTS.has(answer.code)) throw new Error(`${answer.code}: ${service.log().slice(-2000)}`)
        }
        await undisturbed()
        if (runs === 100) {
          collectGarbage()
          heapBefore = process.memoryUsage().heapUsed
        }
      },
    ),
    { numRuns: 300, seed: SEED, interruptAfterTimeLimit: 120_000 },
  )
  collectGarbage()
  const grownMB = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20
  t.ok(grownMB < 20, `the heap grew by ${grownMB.toFixed(1)} MB in ${runs - 100} assaults`)
  t.ok(runs >= 120, `${runs} runs`)
  t.equal(service.app.websocketServer.clients.size, 3, 'nobody is left but the bystanders')
})

t.test('[S2] too large a message closes its own socket with 1009, before it is in memory', async (t) => {
  const service = await startService({ dataFolder: t.testdir() })
  t.teardown(() => service.stop())
  for (const bytes of [MAX_SIGNALING_BYTES + 1, 50 * 1024 * 1024]) {
    const socket = await service.customer()
    socket.ws.send(Buffer.alloc(bytes))
    t.equal(await socket.closed, 1009)
  }
  const binary = await service.customer()
  binary.ws.send(Buffer.from('{"t":"number.join","nameplate":"123","protocol":1}'))
  t.same([await binary.refusal(), await binary.closed], ['malformed', 4400])
})
