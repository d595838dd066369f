import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import t from 'tap'
import type { RecordingAccount } from '../../../peer/recording/account.ts'
import { entryHash, verifyChain } from '../../../peer/recording/chain.ts'
import { RecordingReader, RecordUnreadable } from '../../../peer/recording/reader.ts'
import type { RecordCipher } from '../../../peer/recording/record-cipher.ts'
import { appendMessage } from '../../../peer/recording/recorder-messages.ts'
import { openSessionKey } from '../../../peer/recording/session-key.ts'
import { MAX_ENTRY_BYTES } from '../../../peer/recording/writer.ts'
import { signatureIsExact } from '../../../peer/signed-document.ts'
import { decodeFrame } from '../../../protocol/frame.ts'
import { SIGNING_CONTEXT } from '../../../protocol/identity.ts'
import { entry } from '../../../protocol/messages/entry.ts'
import { agentToRecorder, MAX_RECORD_BYTES } from '../../../protocol/messages/recording.ts'
import { nodeHash } from '../../../recorder/node-hash.ts'
import {
  entriesOf,
  type MadeRecording,
  makeRecording,
  openingOf,
  SESSION,
  STARTED_AT_MS,
} from '../../fixtures/recording.ts'

const keyOf = ({ writer, a, b }: MadeRecording) =>
  openSessionKey(openingOf(writer).wraps, [a.identity, b.identity])

/** AES-256-GCM by OpenSSL: a second implementation of what the documents say, and the fast one for Node. */
const openssl: RecordCipher = {
  seal(key, nonce, associated, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open(key, nonce, associated, box) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    decipher.setAuthTag(box.subarray(-16))
    return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()])
  },
}

t.test('[R3] a sealed record opens with the key of both groups, by either implementation', async (t) => {
  for (const [cipher, other] of [
    [undefined, openssl],
    [openssl, undefined],
  ] as const) {
    const made = await makeRecording(cipher ? { cipher } : {})
    made.pass(1_500)
    const text = 'Grüße 👋 <script>alert(1)</script>'
    const { bytes } = made.writer.append('chat', { t: 'chat', from: 'expert', text })
    t.notOk(Buffer.from(bytes).includes('script'))
    const record = new RecordingReader(await keyOf(made), other).open(bytes)
    t.match(record, { seq: 1, type: 'chat', content: { t: 'chat', from: 'expert', text } })
  }
})

t.test('[R3] a record moved, renumbered or retimed does not open', async (t) => {
  const made = await makeRecording()
  const { bytes } = made.writer.append('level', { t: 'level', level: 'view' })
  const reader = new RecordingReader(await keyOf(made))
  const text = Buffer.from(bytes).toString('latin1')
  for (const [from, to] of [
    ['"seq":1', '"seq":2'],
    ['"type":"level"', '"type":"chats"'],
    ['"atMs":1', '"atMs":2'],
  ] as const) {
    const moved = Buffer.from(text.replace(from, to), 'latin1')
    t.notSame(moved, Buffer.from(bytes))
    t.throws(() => reader.open(moved))
  }
  const flipped = bytes.slice()
  flipped[flipped.length - 1]! ^= 1
  t.throws(() => reader.open(flipped), RecordUnreadable)
  t.equal(reader.open(openingOf(made.writer).header), undefined, 'the header is not sealed')
})

t.test('[R3] nothing that leaves the writer holds its key', async (t) => {
  const draws: Buffer[] = []
  const made = await makeRecording({
    random: (count) => {
      const bytes = crypto.getRandomValues(new Uint8Array(count))
      draws.push(Buffer.from(bytes))
      return bytes
    },
  })
  made.writer.append('chat', { t: 'chat', from: 'customer', text: 'hello' })
  made.writer.close()
  t.equal(draws.length, 3, 'K, K1 and the signing key')
  const out = Buffer.concat([made.writer.openMessage, ...entriesOf(made.writer)])
  for (const secret of draws) {
    t.notOk(out.includes(secret))
    t.notOk(out.includes(secret.toString('base64url').slice(0, 20)))
  }
  t.notMatch(JSON.stringify(made.writer), draws[0]!.toString('base64url').slice(0, 10))
})

t.test('entries are numbered and linked in the order of the calls', async (t) => {
  const { writer } = await makeRecording()
  t.equal(writer.lastSeq, 0)
  let prev = createHash('sha256').update(openingOf(writer).header).digest('base64url')
  for (let seq = 1; seq <= 5; seq++) {
    const sealed = writer.append('join', { t: 'join', who: 'expert', name: `n${seq}` })
    t.equal(sealed.seq, seq)
    t.match(decodeFrame(entry, sealed.bytes).header, { t: 'record', seq, prev })
    prev = createHash('sha256').update(sealed.bytes).digest('base64url')
    t.equal(writer.head, prev)
  }
  t.match(decodeFrame(entry, openingOf(writer).header).header, { sessionId: SESSION, retentionDays: 90 })
})

t.test('[R8] what is not acknowledged is kept for sending again, and only that', async (t) => {
  const { writer } = await makeRecording()
  const sealed = [1, 2, 3, 4].map(() => writer.append('level', { t: 'level', level: null }))
  const bytes = sealed.reduce((sum, { bytes: { length } }) => sum + length, 0)
  t.equal(writer.unacknowledgedBytes, bytes)
  t.equal(writer.acknowledgedSeq, -1)
  t.equal(writer.acknowledge(2), true)
  t.same(writer.unacknowledgedFrom(0), sealed.slice(2))
  t.same(writer.unacknowledgedFrom(4), sealed.slice(3))
  t.equal(writer.acknowledge(1), true, 'an old one changes nothing')
  t.equal(writer.acknowledge(5), false, 'such an entry was never made')
  t.equal(writer.acknowledge(2.5), false)
  t.equal(writer.acknowledgedSeq, 2)
  t.equal(writer.acknowledge(4), true)
  t.equal(writer.unacknowledgedBytes, 0)
})

t.test('what may wait is bounded, and what is refused leaves the chain as it was', async (t) => {
  const { writer } = await makeRecording({ maxUnacknowledgedBytes: 10_000 })
  const still = { x: 0, y: 0, width: 1, height: 1, bytes: 4_000 }
  const append = () => writer.append('tiles', { t: 'stills', stills: [still] }, new Uint8Array(4_000))
  append()
  append()
  const { head } = writer
  t.throws(append, /too much of the recording waits/)
  t.same([writer.lastSeq, writer.head], [2, head])
  t.equal(writer.close().seq, 3, 'the closing always finds room')
})

t.test('the largest entry is one frame of the channel, a larger one is refused', async (t) => {
  const { writer } = await makeRecording({ cipher: openssl, hash: nodeHash })
  const stillsOf = (bytes: number) => {
    const still = { x: 0, y: 0, width: 1, height: 1, bytes }
    return writer.append('keyframe', { t: 'stills', stills: [still] }, new Uint8Array(bytes))
  }
  const around = writer.append('keyframe', { t: 'stills', stills: [] }).bytes.length + 60
  const sealed = stillsOf(MAX_ENTRY_BYTES - around)
  t.ok(appendMessage(sealed).length <= MAX_RECORD_BYTES)
  t.doesNotThrow(() => decodeFrame(agentToRecorder, appendMessage(sealed)))
  t.throws(() => stillsOf(MAX_ENTRY_BYTES), /is too large/)
})

t.test('a closed writer has no key and takes nothing', async (t) => {
  const draws: Uint8Array[] = []
  const { writer } = await makeRecording({
    random: (count) => {
      draws.push(crypto.getRandomValues(new Uint8Array(count)))
      return draws.at(-1)!
    },
  })
  writer.close()
  for (const secret of draws) t.same(secret, new Uint8Array(32), 'wiped')
  t.throws(() => writer.append('level', { t: 'level', level: null }), /closed/)
  t.throws(() => writer.close(), /closed/)
})

t.test('a record holds the content of its type', async (t) => {
  const { writer } = await makeRecording()
  // @ts-expect-error the compiler refuses it already
  t.throws(() => writer.append('chat', { t: 'level', level: null }), TypeError)
})

t.test(
  '[R5] the receipt is signed with the key of the closing, and tells the chain and what was confirmed of it',
  async (t) => {
    const { writer, pass } = await makeRecording()
    writer.append('consent', { t: 'consent', event: 'asked', subject: 'view' })
    pass(800)
    writer.append('consent', { t: 'consent', event: 'granted', subject: 'view' })
    const { head } = writer
    writer.append('end', { t: 'end', reason: 'expert-ended', by: 'expert' })
    writer.acknowledge(2)
    let account: RecordingAccount | undefined
    const { closing, receipt } = writer.closeWithReceipt((given) => {
      account = given
      return 'what is signed'
    })
    t.match(account, {
      startedAtMs: STARTED_AT_MS,
      endedAtMs: STARTED_AT_MS + 800,
      ended: { reason: 'expert-ended', by: 'expert' },
      consent: [
        { atMs: STARTED_AT_MS, event: 'asked', subject: 'view' },
        { atMs: STARTED_AT_MS + 800, event: 'granted', subject: 'view' },
      ],
      chain: { entries: 5, head: entryHash(closing.bytes) },
      header: entryHash(openingOf(writer).header),
      acknowledged: { entries: 3, head },
    })
    t.equal(receipt!.document, 'what is signed')
    t.ok(signatureIsExact(SIGNING_CONTEXT.receipt, receipt!, account!.signKey))
    t.notOk(signatureIsExact(SIGNING_CONTEXT.closing, receipt!, account!.signKey), 'it is no closing')
  },
)

t.test('[R5] where no receipt can be made the recording is closed all the same', async (t) => {
  const draws: Uint8Array[] = []
  const { writer } = await makeRecording({
    random: (count) => {
      draws.push(crypto.getRandomValues(new Uint8Array(count)))
      return draws.at(-1)!
    },
  })
  const { closing, receipt } = writer.closeWithReceipt(() => {
    throw new TypeError('no receipt')
  })
  t.equal(receipt, null)
  t.match(verifyChain([openingOf(writer).header, closing.bytes]), { ok: true, closed: 'closed' })
  for (const secret of draws) t.same(secret, new Uint8Array(32), 'wiped')
})

t.test('[R5] only the first entry was confirmed, or none', async (t) => {
  for (const seq of [0, -1]) {
    const { writer } = await makeRecording()
    if (seq === 0) writer.acknowledge(0)
    const head = entryHash(openingOf(writer).header)
    let acknowledged: RecordingAccount['acknowledged'] = null
    writer.closeWithReceipt((given) => {
      acknowledged = given.acknowledged
      return null
    })
    t.same(acknowledged, seq === 0 ? { entries: 1, head } : null)
  }
})
