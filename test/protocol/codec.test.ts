import fc from 'fast-check'
import t from 'tap'
import type { Codec } from '../../protocol/codec.ts'
import { decodeFrame, encodeFrame } from '../../protocol/frame.ts'
import { chatMessage } from '../../protocol/messages/chat.ts'
import { agentToExpert, expertToAgent } from '../../protocol/messages/control-channel.ts'
import { entry, keyWraps, recordContent } from '../../protocol/messages/entry.ts'
import { linkMessage } from '../../protocol/messages/link.ts'
import { pictureMessage, pointerMessage } from '../../protocol/messages/picture.ts'
import { agentToRecorder, recorderToAgent } from '../../protocol/messages/recording.ts'
import { relayed, sealedContent } from '../../protocol/messages/relayed.ts'
import * as signaling from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'

const codecs: Record<string, Codec<unknown>> = {
  chatMessage,
  agentToExpert,
  expertToAgent,
  entry,
  keyWraps,
  recordContent,
  linkMessage,
  pictureMessage,
  pointerMessage,
  agentToRecorder,
  recorderToAgent,
  relayed,
  sealedContent,
  expertToServer: signaling.expertToServer,
  customerToServer: signaling.customerToServer,
  recorderToServer: signaling.recorderToServer,
  serverToExpert: signaling.serverToExpert,
  serverToCustomer: signaling.serverToCustomer,
  serverToRecorder: signaling.serverToRecorder,
}

function refusalOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return error instanceof Refusal ? error.code : `threw ${String(error)}`
  }
}

t.test(
  '[S2] every codec refuses what is malformed, unknown or too large with a code, and never throws else',
  async (t) => {
    for (const [name, codec] of Object.entries(codecs)) {
      t.equal(
        refusalOf(() => codec.decode('{')),
        'malformed',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode('null')),
        'malformed',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode('{"t":"no such thing"}')),
        'unknown-type',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode('{"t":"__proto__"}')),
        'unknown-type',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode(' '.repeat(codec.maxBytes + 1))),
        'too-large',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode('é'.repeat(Math.ceil(codec.maxBytes / 2) + 1))),
        'too-large',
        name,
      )
      t.equal(
        refusalOf(() => codec.decode(Uint8Array.of(0xff, 0xfe))),
        'malformed',
        name,
      )
      fc.assert(
        fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 300 })), (input) => {
          return ['malformed', 'unknown-type', 'too-large'].includes(refusalOf(() => codec.decode(input)))
        }),
        { numRuns: 150 },
      )
    }
  },
)

t.test('[S2] a right message survives mutation only as another right message', async (t) => {
  const message = JSON.stringify({ t: 'chat', id: 'a'.repeat(21), text: 'Grüße', atMs: 1 })
  fc.assert(
    fc.property(fc.nat(message.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
      const outcome = refusalOf(() =>
        chatMessage.decode(message.slice(0, at) + noise + message.slice(at + 1)),
      )
      return ['accepted', 'malformed', 'unknown-type'].includes(outcome)
    }),
  )
  const decoded = chatMessage.decode(message.replace('"atMs"', '"extra":1,"atMs"'))
  t.notOk('extra' in decoded, 'unknown keys are dropped')
  t.throws(() => chatMessage.encode({ t: 'chat', id: 'short', text: '', atMs: 0 }), TypeError)
})

t.test('[S2] frames: a header that lies about its length is refused', async (t) => {
  const frame = encodeFrame(agentToRecorder, { t: 'beat', beat: 1 }, Uint8Array.of(1, 2, 3))
  t.same(decodeFrame(agentToRecorder, frame).payload, Uint8Array.of(1, 2, 3))
  t.equal(
    refusalOf(() => decodeFrame(agentToRecorder, frame.subarray(0, 3))),
    'malformed',
  )
  t.equal(
    refusalOf(() => decodeFrame(agentToRecorder, frame.subarray(0, 9))),
    'malformed',
  )
  const lying = frame.slice()
  new DataView(lying.buffer).setUint32(0, 2 ** 31)
  t.equal(
    refusalOf(() => decodeFrame(agentToRecorder, lying)),
    'too-large',
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      ['malformed', 'unknown-type', 'too-large'].includes(
        refusalOf(() => decodeFrame(pictureMessage, bytes)),
      ),
    ),
  )
})
