import t from 'tap'
import { ChainVerifier, entryHash, verifyChain } from '../../../peer/recording/chain.ts'
import { encodeFrame } from '../../../protocol/frame.ts'
import { entry } from '../../../protocol/messages/entry.ts'
import { entriesOf, makeRecording, openingOf, seededNumbers } from '../../fixtures/recording.ts'

async function closedRecording(records: number) {
  const made = await makeRecording()
  for (let n = 1; n <= records; n++) {
    made.pass(250)
    made.writer.append('chat', { t: 'chat', from: n % 2 ? 'expert' : 'customer', text: `line ${n}` })
  }
  made.writer.close()
  return { ...made, entries: entriesOf(made.writer) }
}

t.test('[R5] a recording as it was made is whole, and its head is that of the last entry', async (t) => {
  const { writer, entries } = await closedRecording(20)
  const report = verifyChain(entries, openingOf(writer).wraps)
  t.match(report, { ok: true, entries: 22, closed: 'closed', head: entryHash(entries.at(-1)!) })
  t.match(report, { head: writer.head })
  t.match(verifyChain(entries.slice(0, -1)), { ok: true, closed: 'open', entries: 21 })
})

type Damage = 'flip' | 'drop' | 'add' | 'swap' | 'cut' | 'repeat'
const DAMAGES: readonly Damage[] = ['flip', 'drop', 'add', 'swap', 'cut', 'repeat']

/** Does it to a copy; returns it with the first place that differs. */
function damage(
  kind: Damage,
  entries: readonly Uint8Array[],
  foreign: Uint8Array,
  number: (n: number) => number,
) {
  const copy: Uint8Array[] = entries.map((bytes) => bytes.slice())
  const place = number(copy.length)
  switch (kind) {
    case 'flip': {
      const bytes = copy[place]!
      bytes[number(bytes.length)]! ^= 1 << number(8)
      return { copy, place }
    }
    case 'drop':
      return { copy: copy.toSpliced(place, 1), place }
    case 'add':
      return { copy: copy.toSpliced(place, 0, foreign), place }
    case 'repeat':
      return { copy: copy.toSpliced(place, 0, copy[place]!), place: place + 1 }
    case 'swap': {
      const first = Math.min(place, copy.length - 2)
      return { copy: copy.toSpliced(first, 2, copy[first + 1]!, copy[first]!), place: first }
    }
    case 'cut':
      return { copy: copy.slice(0, place), place }
  }
}

t.test('[R5] 600 seeded changes of a recording are all found, with the place', async (t) => {
  const { entries } = await closedRecording(30)
  const other = await closedRecording(30)
  const number = seededNumbers(5)
  const missed: unknown[] = []
  for (let run = 0; run < 600; run++) {
    const kind = DAMAGES[run % DAMAGES.length]!
    const foreign = other.entries[number(other.entries.length)]!
    const { copy, place } = damage(kind, entries, foreign, number)
    const report = verifyChain(copy)
    if (report.ok) {
      // A cut leaves a chain without fault and without end: that is what tells it, and where.
      const isTold = report.closed === 'open' && report.entries === place
      const isCut = kind === 'cut' || (kind === 'drop' && place === entries.length - 1)
      if (!isTold || !isCut) missed.push({ run, kind, place, report })
    } else if (report.seq !== place && report.seq !== place + 1) missed.push({ run, kind, place, report })
  }
  t.same(missed, [])
})

t.test('[R5] the closing is covered by its own signature, to the last bit', async (t) => {
  const { entries } = await closedRecording(1)
  const last = entries.length - 1
  const closing = entries[last]!
  for (let at = 0; at < closing.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = closing.slice()
      changed[at]! ^= 1 << bit
      const report = verifyChain([...entries.slice(0, -1), changed])
      if (report.ok || report.seq !== last) t.fail(`byte ${at} bit ${bit} was changed unseen`)
    }
  }
  const longer = new Uint8Array(closing.length + 1)
  longer.set(closing)
  t.match(verifyChain([...entries.slice(0, -1), longer]), { ok: false, fault: 'bad-signature', seq: last })
})

t.test("[R5] a closing by another session's key, or of another session, is none", async (t) => {
  const { entries } = await closedRecording(1)
  const other = await closedRecording(1)
  const last = entries.length - 1
  t.match(verifyChain([...entries.slice(0, -1), other.entries[last]!]), { ok: false, seq: last })
})

t.test('[R5] the wrapped keys are those the header names', async (t) => {
  const { writer, entries } = await closedRecording(1)
  const { wraps } = openingOf(writer)
  const changed = wraps.slice()
  changed[100]! ^= 1
  t.match(verifyChain(entries, changed), { ok: false, fault: 'wraps-differ', seq: 0 })
  t.match(verifyChain(entries, wraps), { ok: true })
})

t.test('[R5] an abandoned end is told from a closed one, and nothing may follow either', async (t) => {
  const { entries } = await closedRecording(3)
  const open = entries.slice(0, -1)
  const prev = entryHash(open.at(-1)!)
  const header = { t: 'abandoned', seq: open.length, atMs: 1, prev, reason: 'line-lost' } as const
  const abandoned = encodeFrame(entry, header, new Uint8Array())
  t.match(verifyChain([...open, abandoned]), { ok: true, closed: 'abandoned' })
  const filled = encodeFrame(entry, header, new Uint8Array([1]))
  t.match(verifyChain([...open, filled]), { ok: false, fault: 'stray-payload', seq: open.length })
  t.match(verifyChain([...open, abandoned, entries.at(-1)!]), { ok: false, fault: 'after-end', seq: 5 })
  t.match(verifyChain([...entries, abandoned]), { ok: false, fault: 'after-end', seq: 5 })
})

t.test('[R5] what is no recording at all has a fault, not an exception', async (t) => {
  t.match(verifyChain([]), { ok: false, fault: 'no-header', seq: 0 })
  t.match(verifyChain([new Uint8Array()]), { ok: false, fault: 'malformed', seq: 0 })
  t.match(verifyChain([new Uint8Array([255, 255, 255, 255, 1])]), { ok: false, fault: 'malformed', seq: 0 })
  const { entries } = await closedRecording(2)
  t.match(verifyChain([entries[0]!, entries[0]!]), { ok: false, fault: 'second-header', seq: 1 })
  t.match(verifyChain([entries[1]!]), { ok: false, fault: 'no-header', seq: 0 })
  const verifier = new ChainVerifier()
  for (const bytes of [entries[0]!, entries[2]!, entries[1]!]) verifier.take(bytes)
  t.match(verifier.report(), { ok: false, fault: 'wrong-seq', seq: 1 }, 'the first fault stays')
})
