import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readReceiptFile } from '../../peer/receipt/receipt-file.ts'
import { RecordingReader } from '../../peer/recording/reader.ts'
import { openSessionKey } from '../../peer/recording/session-key.ts'
import type { WebSocketLike } from '../../peer/signaling-client.ts'
import { SIGNING_CONTEXT } from '../../protocol/identity.ts'
import type { Receipt } from '../../protocol/messages/receipt.ts'
import { openForReading } from '../../recorder/disk.ts'
import { scanFrames } from '../../recorder/disk-frames.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import { verifyReceipt } from '../../recorder/verification.ts'
import { MemoryService, newOperator, sign } from '../fixtures/memory-service.ts'
import {
  type CustomerPlayerOptions,
  openCustomerPlayer,
  openExpertPlayer,
  openRecorderPlayer,
} from '../fixtures/players.ts'
import { runPython } from '../fixtures/python-verifier.ts'

const operator = await newOperator()
const { operatorKey } = operator
const folder = mkdtempSync(join(tmpdir(), 'lotse-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

interface Played extends Partial<CustomerPlayerOptions> {
  readonly hasRecorder?: boolean
}

/** Up to where the customer has answered the first question. */
async function play(t: Test, { hasRecorder = true, ...played }: Played = {}) {
  const service = new MemoryService(operator)
  const recorder = hasRecorder ? openRecorderPlayer(service, folder) : null
  const expert = openExpertPlayer(service.connectExpert)
  const customer = openCustomerPlayer({ connect: service.connectCustomer, operatorKey, ...played })
  t.teardown(async () => {
    customer.act({ t: 'quit' })
    await customer.finished
    expert.session.close()
    recorder?.close()
  })
  expert.session.newSession()
  await expert.phase('waiting')
  customer.act({ t: 'number', typed: expert.number })
  return { service, expert, customer }
}

type Customer = Awaited<ReturnType<typeof play>>['customer']

/** The receipt the customer could save, as both verifiers see it. */
async function keptBy(t: Test, customer: Customer, code: number, withRecording = true) {
  const { text, name } = customer.offered()!
  const bundle = readReceiptFile(text)!.bundle
  const receipt = JSON.parse(bundle.receipt.document) as Receipt
  const receiptFile = join(folder, name)
  writeFileSync(receiptFile, text)
  const { entries } = recordingPaths(folder, receipt.sessionId)
  const found = await verifyReceipt({
    receiptFile,
    ...(withRecording ? { recordingFile: entries } : {}),
    trusted: { operatorKey },
  })
  const args = [receiptFile, ...(withRecording ? [entries] : []), '--operator-key', operatorKey]
  const python = runPython(args)
  t.equal(found.code, code, found.sentences.join('\n'))
  t.equal(python.code, code, python.said)
  return { receipt, bundle, text, ended: customer.screens.at(-1)! }
}

/** Consents in the sealed recording, opened with both keys. */
async function recordedConsents(sessionId: string) {
  const paths = recordingPaths(folder, sessionId)
  const { a, b } = operator.identities
  const reader = new RecordingReader(await openSessionKey(readFileSync(paths.wraps), [a, b]))
  const file = (await openForReading(paths.entries))!
  const consents = []
  for await (const scanned of scanFrames(file)) {
    const record = scanned.t === 'entry' ? reader.open(scanned.bytes) : undefined
    if (record?.content.t !== 'consent') continue
    const { event, subject } = record.content
    consents.push({ atMs: record.atMs, event, subject })
  }
  await file.close()
  return consents
}

t.test('[R5] [C7] a whole session ends with a receipt that tells what the recording holds', async (t) => {
  const { service, expert, customer } = await play(t)
  await customer.screen('sharing')
  await expert.until(() => expert.frames.length > 0)
  expert.session.ask('control')
  await expert.until(() => (expert.session.view as { holder?: string }).holder === 'expert')
  customer.desktop.input('move')
  await expert.until(() => (expert.session.view as { holder?: string }).holder === 'customer')
  customer.act({ t: 'withdraw', level: 'control' })
  await expert.until(() => (expert.session.view as { level?: string }).level === 'view')
  customer.act({ t: 'end' })
  await Promise.all([customer.screen('ended'), expert.phase('ended')])

  const { receipt, ended } = await keptBy(t, customer, 0)
  t.match(receipt, {
    operatorName: 'Beispiel Telekom',
    expert: { name: 'Anna Beispiel', team: 'Technik Nord' },
    ended: { reason: 'customer-ended', by: 'customer' },
    control: { takeOvers: 1 },
    files: [],
    elevations: [],
    retention: { days: 90, untilMs: receipt.endedAtMs + 90 * 24 * 60 * 60 * 1000 },
  })
  t.ok(receipt.control.expertHeldMs > 0)
  t.same(
    receipt.consent.map(({ event, subject }) => `${event} ${subject}`),
    ['asked view', 'granted view', 'asked control', 'granted control', 'withdrawn control'],
  )
  t.same(receipt.consent, await recordedConsents(receipt.sessionId), 'to the millisecond')
  t.match(ended, {
    recordingId: receipt.sessionId,
    receipt: {
      granted: ['view', 'control'],
      expert: { name: 'Anna Beispiel' },
      endedAtMs: receipt.endedAtMs,
    },
  })

  const asked = service.heardFromCustomer.filter((text) => text.includes('receipt'))
  t.equal(asked.length, 1, 'the service was asked once')
  t.match(asked[0], /^\{"t":"receipt\.sign","hash":"[\w-]{43}"\}$/, 'and shown the hash alone')
  for (const secret of [receipt.signKey, receipt.recording.head, receipt.page])
    t.notOk(service.heardFromCustomer.some((text) => text.includes(secret)))
})

t.test('[R5] [C5] what touches the device stops before the service is asked for its signature', async (t) => {
  const { service, expert, customer } = await play(t)
  await expert.until(() => expert.frames.length > 0)
  const { countersign } = service
  let before: string[] = []
  service.countersign = (sessionId, hash) => {
    before = customer.calls.filter((call) => call.endsWith('closed'))
    return countersign(sessionId, hash)
  }
  expert.session.end()
  await Promise.all([customer.screen('ended'), expert.phase('ended')])
  t.same(before, ['picture closed', 'watermark closed'])
  const { receipt } = await keptBy(t, customer, 0)
  t.same(receipt.ended, { reason: 'expert-ended', by: 'expert' }, 'also where the expert ended it')
})

t.test('[R5] [C1] declined: the receipt says that nothing was allowed', async (t) => {
  const { customer } = await play(t, { grantsView: false })
  await customer.screen('ended')
  const { receipt, ended } = await keptBy(t, customer, 0)
  t.same(
    receipt.consent.map(({ event }) => event),
    ['asked', 'declined'],
  )
  t.match(ended, { reason: 'declined', receipt: { granted: [] } })
})

t.test(
  '[R5] where no recorder ever held anything there is a receipt all the same, and it says so',
  async (t) => {
    const { customer } = await play(t, { hasRecorder: false, grantsView: false })
    await customer.screen('ended')
    const { receipt, text, ended } = await keptBy(t, customer, 0, false)
    t.equal(receipt.recording.acknowledged, null)
    t.match(ended, { recordingId: null, receipt: { granted: [] } })
    t.match(text, 'Es gibt keine Aufzeichnung.')
  },
)

t.test(
  '[R5] a service that is silent, or signs something else, leaves the receipt without its signature',
  async (t) => {
    const answers: MemoryService['countersign'][] = [
      () => null,
      (sessionId) => countersigned({ sessionId, receipt: 'x'.repeat(43) }),
      (_sessionId, receipt) => countersigned({ sessionId: 'y'.repeat(22), receipt }),
      (sessionId, receipt) => countersigned({ sessionId, receipt }, operator.signing),
    ]
    for (const answer of answers) {
      const { service, customer } = await play(t, { grantsView: false })
      service.countersign = answer
      await customer.screen('ended')
      const { bundle, text } = await keptBy(t, customer, 3)
      t.equal(bundle.countersignature, null)
      t.match(text, 'data-countersigned="no"')
    }
  },
)

function countersigned(said: { sessionId: string; receipt: string }, key = operator.card) {
  return sign(SIGNING_CONTEXT.countersignature, { v: 1, ...said, atMs: 1, audit: null }, key)
}

t.test(
  '[R5] [C5] the line dies at the end: the receipt is there at once, and says what it lacks',
  async (t) => {
    const service = new MemoryService(operator)
    let isDead = false
    let socket: WebSocketLike | undefined
    const dead: WebSocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: () => {},
      close: () => {},
    }
    const connect = () => {
      if (isDead) return dead
      socket = service.connectCustomer()
      return socket
    }
    const recorder = openRecorderPlayer(service, folder)
    const expert = openExpertPlayer(service.connectExpert)
    const customer = openCustomerPlayer({ connect, operatorKey })
    expert.session.newSession()
    await expert.phase('waiting')
    customer.act({ t: 'number', typed: expert.number })
    await expert.until(() => expert.frames.length > 0)
    isDead = true
    socket!.onclose?.({} as never)
    customer.act({ t: 'end' })
    await customer.screen('ended')
    t.notOk(service.heardFromCustomer.some((text) => text.includes('receipt')))
    // The recorder's line is of its own, and got the closing.
    t.equal((await keptBy(t, customer, 3)).bundle.countersignature, null)
    customer.act({ t: 'quit' })
    await customer.finished
    expert.session.close()
    recorder.close()
  },
)
