import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Trusted } from '../../peer/receipt/check.ts'
import { readReceiptFile, receiptFile } from '../../peer/receipt/receipt-file.ts'
import { entryHash } from '../../peer/recording/chain.ts'
import { encodeFrame } from '../../protocol/frame.ts'
import { entry } from '../../protocol/messages/entry.ts'
import { diskFrame } from '../../recorder/disk-frames.ts'
import { verifyReceipt } from '../../recorder/verification.ts'
import { runPython, runPythonBatch } from '../fixtures/python-verifier.ts'
import { makeReceipt } from '../fixtures/receipt.ts'

const made = await makeReceipt()
const places = (found: readonly { readonly place: string }[]) => found.map(({ place }) => place)

/** What both verifiers say; they must agree on code and places. */
async function verify(
  t: Test,
  text: string,
  entries: readonly Uint8Array[] | null,
  trusted: Omit<Trusted, 'policy'> = {},
) {
  const folder = t.testdir({ 'receipt.html': text })
  const receiptFile = join(folder, 'receipt.html')
  const recordingFile = join(folder, 'recording')
  if (entries) writeFileSync(recordingFile, Buffer.concat(entries.map(diskFrame)))
  const found = await verifyReceipt({ receiptFile, ...(entries ? { recordingFile } : {}), trusted })
  const python = runPython([
    receiptFile,
    ...(entries ? [recordingFile] : []),
    ...(trusted.operatorKey ? ['--operator-key', trusted.operatorKey] : []),
    ...(trusted.cardKey ? ['--card-key', trusted.cardKey] : []),
  ])
  t.equal(python.code, found.code, python.said)
  const named = [...python.said.matchAll(/^(?:WRONG|NOT CERTAIN) \(([^)]+)\)/gm)].map(([, place]) => place)
  t.same(named, [...places(found.wrong), ...places(found.unsure)], python.said)
  return { ...found, wrong: places(found.wrong), unsure: places(found.unsure), python: python.said }
}

function abandonedAfter(entries: readonly Uint8Array[]): Uint8Array[] {
  const prev = entryHash(entries.at(-1)!)
  const header = { t: 'abandoned', seq: entries.length, atMs: 1, prev, reason: 'line-lost' } as const
  return [...entries, encodeFrame(entry, header, new Uint8Array())]
}

t.test(
  '[R5] a receipt and its recording hold, and whose service it is hangs on a key that is known',
  async (t) => {
    const { operatorKey, cardKey } = made
    const alone = await verify(t, made.text, null)
    t.match(alone, { code: 0, wrong: [], unsure: [] })
    t.match(alone.sentences.join('\n'), /Whose service this is was not checked/)
    t.match(alone.python, /Whose service this is was not checked/)
    const whole = await verify(t, made.text, made.entries, { operatorKey })
    t.match(whole, { code: 0, wrong: [], unsure: [] })
    t.notMatch(whole.sentences.join('\n'), /was not checked/)
    t.match(whole.sentences.join('\n'), /Anna Beispiel, Technik Nord/)
    t.equal((await verify(t, made.text, null, { cardKey })).code, 0)
  },
)

t.test('[R5] a receipt of another service, which fits itself, is found by the operator’s key', async (t) => {
  const { operatorKey, cardKey } = await makeReceipt()
  t.same((await verify(t, made.text, null, { operatorKey })).wrong, ['receipt.policy'])
  const byCard = await verify(t, made.text, null, { cardKey })
  t.same(byCard.wrong, ['receipt.card', 'receipt.countersignature'])
})

t.test('[R5] without a countersignature it holds, and both say what that means', async (t) => {
  const bare = await makeReceipt({ isCountersigned: false })
  t.match(await verify(t, bare.text, bare.entries, { operatorKey: bare.operatorKey }), {
    code: 3,
    wrong: [],
    unsure: ['receipt.countersignature'],
  })
  const said = made.text.replace('data-countersigned="yes"', 'data-countersigned="no"')
  t.same((await verify(t, said, null)).wrong, ['receipt.page'], 'the page may not hide it')
})

t.test(
  '[R5] a recording that was cut at any place is found, also with an end set behind the cut',
  async (t) => {
    const { entries, text } = await makeReceipt({ lines: 1 })
    const folder = t.testdir({ 'receipt.html': text })
    const receiptFile = join(folder, 'receipt.html')
    const confirmed = entries.length - 3
    const cuts = entries.slice(1).flatMap((_, at) => {
      const cut = entries.slice(0, at + 1)
      return [
        { kept: cut.length, held: cut },
        { kept: cut.length, held: abandonedAfter(cut) },
      ]
    })
    const pairs = cuts.map(({ held }, at) => {
      const recordingFile = join(folder, `recording-${at}`)
      writeFileSync(recordingFile, Buffer.concat(held.map(diskFrame)))
      return [receiptFile, recordingFile] as const
    })
    const python = runPythonBatch(join(folder, 'pairs'), pairs)
    for (const [at, { kept, held }] of cuts.entries()) {
      const found = await verifyReceipt({ receiptFile, recordingFile: pairs[at]![1] })
      const ours = { code: found.code, wrong: places(found.wrong), unsure: places(found.unsure) }
      // What a recorder had confirmed must be there; only what was on its way may be missing.
      const end = ['recording.end']
      const wanted =
        kept >= confirmed ? { code: 3, wrong: [], unsure: end } : { code: 1, wrong: end, unsure: [] }
      t.same(ours, wanted, `${kept} entries, ${held.length} with the end`)
      t.same(python[at], wanted)
    }
  },
)

t.test('[R5] a recording that was begun anew from a place on is found', async (t) => {
  const { entries, text } = made
  for (const from of [1, 7, entries.length - 4]) {
    const forked = entries.slice(0, from)
    for (let seq = from; seq < entries.length - 1; seq++) {
      const header = { t: 'record', seq, atMs: 1, type: 'chat', prev: entryHash(forked.at(-1)!) } as const
      forked.push(encodeFrame(entry, header, new Uint8Array(40)))
    }
    t.same((await verify(t, text, [...forked, entries.at(-1)!])).wrong, [
      `recording.entry ${entries.length - 1}`,
    ])
    const isAbandoned = await verify(t, text, abandonedAfter(forked))
    t.equal(isAbandoned.code, 1)
  }
})

t.test('[R5] the recording of another session, whole as it is, is not this receipt’s', async (t) => {
  const other = await makeReceipt()
  t.same((await verify(t, made.text, other.entries)).wrong, ['recording.entry 0'])
  t.same((await verify(t, made.text, [])).wrong, ['recording.entry 0', 'recording.entry 0'])
})

t.test(
  '[R5] where no recorder had confirmed anything, what is there of the recording is vouched for by nobody',
  async (t) => {
    const early = await makeReceipt({ acknowledgedSeq: -1 })
    t.match(await verify(t, early.text, early.entries), { code: 0 })
    t.match(await verify(t, early.text, early.entries.slice(0, 3)), { code: 3, unsure: ['recording.end'] })
  },
)

t.test('[R5] the policy as somebody got it elsewhere counts instead of the receipt’s own', async (t) => {
  const other = await makeReceipt()
  const folder = t.testdir({
    'receipt.html': made.text,
    'policy.json': JSON.stringify(made.policy),
    'other.json': JSON.stringify(other.policy),
    'none.json': '{}',
  })
  const receipt = join(folder, 'receipt.html')
  const run = (policy: string, ...more: string[]) =>
    runPython([receipt, '--policy', join(folder, policy), ...more])
  const code = async (policy: typeof made.policy, operatorKey?: string) => {
    const trusted = { policy, ...(operatorKey ? { operatorKey } : {}) }
    return (await verifyReceipt({ receiptFile: receipt, trusted })).code
  }
  t.equal(run('policy.json', '--operator-key', made.operatorKey).code, 0)
  t.equal(await code(made.policy, made.operatorKey), 0)
  t.equal(run('other.json').code, 1)
  t.equal(await code(other.policy), 1)
  t.equal(run('other.json', '--operator-key', made.operatorKey).code, 1)
  t.equal(await code(other.policy, made.operatorKey), 1)
  t.equal(run('none.json').code, 2)
})

t.test('[R5] another spelling of the same signature is none', async (t) => {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const { bundle, page } = readReceiptFile(made.text)!
  for (const name of ['receipt', 'countersignature', 'card', 'policy'] as const) {
    const { document, signature } = bundle[name]!
    // The last of 86 letters holds two bits of the signature and four that say nothing.
    const other = ALPHABET[ALPHABET.indexOf(signature.at(-1)!) ^ 1]
    const respelt = { document, signature: signature.slice(0, -1) + other }
    t.same(Buffer.from(respelt.signature, 'base64url'), Buffer.from(signature, 'base64url'))
    const place = name === 'receipt' ? 'receipt.signature' : `receipt.${name}`
    t.same((await verify(t, receiptFile(page, { ...bundle, [name]: respelt }), null)).wrong, [place])
  }
})

t.test('what is no receipt, and what is not there, gets a sentence', async (t) => {
  for (const text of ['', 'a letter', '\ud800', made.text + made.text, `\ufeff${made.text}`]) {
    const found = await verify(t, text, null)
    t.equal(found.code, 1)
    t.ok(found.wrong.length === 1, JSON.stringify(found.wrong))
  }
  await t.rejects(verifyReceipt({ receiptFile: join(t.testdirName, 'nothing') }), /cannot be read/)
  t.equal(runPython([join(t.testdirName, 'nothing')]).code, 2)
  t.equal(runPython([]).code, 2)
  t.equal(runPython(['a', '--operator-key', 'short']).code, 2)
})

t.test('[S5] nothing that stands in a receipt steers the terminal of who checks it', async (t) => {
  const expert = { name: '\u001b[2Jevil\u202e', team: '' }
  const { text } = await makeReceipt({ expert, operatorName: 'a\u0007b' })
  const { sentences, python } = await verify(t, text, null)
  for (const said of [sentences.join(' '), python.replaceAll('\n', ' ')]) t.notMatch(said, /[\p{Cc}\u202e]/u)
})
