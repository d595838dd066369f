import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { RecordCipher } from '../../peer/recording/record-cipher.ts'
import { beatMessage } from '../../peer/recording/recorder-messages.ts'
import { joinFrame } from '../../protocol/frame.ts'
import { MAX_RECORD_BYTES } from '../../protocol/messages/recording.ts'
import { REFUSAL_CODES, Refusal } from '../../protocol/refusals.ts'
import { readAgentMessage } from '../../recorder/agent-message.ts'
import { nodeHash } from '../../recorder/node-hash.ts'
import { makeRecording, SESSION } from '../fixtures/recording.ts'
import { LinkDouble, sessionScene } from './session-scene.ts'
import { TroubledDisk } from './troubled-disk.ts'

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 2 ** 32, 65_536, -1))
const headerLike = fc.oneof(
  fc.record({ t: fc.constant('open'), headerBytes: anyNumber, wrapsBytes: anyNumber }),
  fc.record({ t: fc.constant('append'), seq: anyNumber }),
  fc.record({ t: fc.constant('beat'), beat: anyNumber, more: fc.anything() }),
  fc.record({ t: fc.constantFrom('ack', 'trouble', 'fingerprints', '__proto__', 'constructor') }),
  fc.anything(),
)
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(headerLike, fc.uint8Array({ maxLength: 200 })).map(([header, payload]) => {
    try {
      return joinFrame(json(header), payload)
    } catch {
      return payload
    }
  }),
)

t.test('[S2] any bytes are either a message of an agent or a typed refusal', async (t) => {
  fc.assert(
    fc.property(fc.oneof(frame, fc.string()), (input) => {
      try {
        return ['open', 'append', 'beat'].includes(readAgentMessage(input).t)
      } catch (error) {
        return error instanceof Refusal && REFUSAL_CODES.includes(error.code)
      }
    }),
    { numRuns: 4000, seed: 20_260_304 },
  )
  t.throws(() => readAgentMessage(new Uint8Array(MAX_RECORD_BYTES + 1)), { code: 'too-large' })
})

type Step =
  | { t: 'junk'; bytes: Uint8Array }
  | { t: 'next' }
  | { t: 'again'; back: number }
  | { t: 'rewrite' }
  | { t: 'skip' }
  | { t: 'beat' }
  | { t: 'open' }
  | { t: 'text' }
  | { t: 'link' }
  | { t: 'settle' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: frame.map((bytes) => ({ t: 'junk' as const, bytes })) },
  { weight: 6, arbitrary: fc.constant({ t: 'next' as const }) },
  { weight: 2, arbitrary: fc.nat(5).map((back) => ({ t: 'again' as const, back })) },
  { weight: 1, arbitrary: fc.constant({ t: 'rewrite' as const }) },
  { weight: 1, arbitrary: fc.constant({ t: 'skip' as const }) },
  { weight: 3, arbitrary: fc.constant({ t: 'beat' as const }) },
  { weight: 1, arbitrary: fc.constant({ t: 'open' as const }) },
  { weight: 1, arbitrary: fc.constant({ t: 'text' as const }) },
  { weight: 2, arbitrary: fc.constant({ t: 'link' as const }) },
  { weight: 6, arbitrary: fc.constant({ t: 'settle' as const }) },
)

t.test('[S2] whatever one agent sends, what was acknowledged stays and a good link goes on', async (t) => {
  const root = t.testdir()
  const made = await makeRecording()
  const entries = Array.from({ length: 40 }, (_, n) =>
    made.writer.append('chat', { t: 'chat', from: 'expert', text: `line ${n}` }),
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const scene = await sessionScene(t, { made, directory: join(root, `run-${run++}`) })
      let link = scene.link()
      let sent = 0
      let acknowledged = 0
      const listen = (line: LinkDouble) => {
        for (const message of line.heard.all)
          if (message.t === 'ack') acknowledged = Math.max(acknowledged, message.seq)
      }
      for (const next of steps) {
        switch (next.t) {
          case 'junk':
            link.send(next.bytes)
            break
          case 'next':
            if (sent < entries.length) link.append(entries[sent++]!)
            break
          case 'again':
            link.append(entries[Math.max(0, sent - 1 - next.back)]!)
            break
          case 'rewrite': {
            // What was acknowledged cannot be changed, not even by the agent itself.
            listen(link)
            if (acknowledged === 0) break
            const bytes = entries[acknowledged - 1]!.bytes.slice()
            bytes[bytes.length - 1]! ^= 1
            link.append({ seq: acknowledged, bytes })
            break
          }
          case 'skip':
            link.append(entries[Math.min(sent + 2, 39)]!)
            break
          case 'beat':
            link.send(beatMessage(1))
            break
          case 'open':
            link.send(made.writer.openMessage)
            break
          case 'text':
            link.send('{"t":"beat","beat":1}')
            break
          case 'settle':
            if (!link.isClosed) await link.beat()
            break
          case 'link':
            listen(link)
            link = scene.link()
            sent = 0
        }
      }
      listen(link)
      // A well-behaved link afterwards finds what was acknowledged and brings the rest.
      const last = scene.link()
      await last.ackOf(acknowledged)
      for (const entry of entries) last.append(entry)
      await last.ackOf(entries.length)
      const held = (await scene.vault.resume(SESSION))!
      scene.recording.stop()
      await scene.vault.close()
      return held.chain.head === made.writer.head && held.chain.closed === 'open'
    }),
    { numRuns: 120, seed: 20_260_305 },
  )
  t.pass(`${run} sessions`)
})

t.test('[S2] an agent that sends faster than the disk writes is stopped before memory is gone', async (t) => {
  const disk = new TroubledDisk()
  const plain: RecordCipher = { seal: (_k, _n, _a, text) => text, open: (_k, _n, _a, box) => box }
  const made = await makeRecording({ cipher: plain, hash: nodeHash })
  const scene = await sessionScene(t, { disk, made })
  const link = new LinkDouble(scene.recording)
  link.send(scene.writer.openMessage)
  await link.ackOf(0)
  disk.isHolding = true
  const big = new Uint8Array(8 * 1024 * 1024)
  let sentBytes = 0
  while (!link.isClosed && sentBytes < 20 * big.length) {
    const still = { x: 0, y: 0, width: 1, height: 1, bytes: big.length }
    const entry = scene.writer.append('tiles', { t: 'stills', stills: [still] }, big)
    scene.writer.acknowledge(entry.seq)
    link.append(entry)
    sentBytes += big.length
  }
  t.ok(link.isClosed)
  t.ok(sentBytes <= 9 * big.length, `closed after ${sentBytes} bytes`)
  t.match(link.heard.all.at(-1), { t: 'trouble', reason: 'disk-failed' })
  disk.isHolding = false
  disk.letGo()
})
