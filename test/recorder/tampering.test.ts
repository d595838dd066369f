import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readReceiptFile, receiptFile } from '../../peer/receipt/receipt-file.ts'
import { entryHash } from '../../peer/recording/chain.ts'
import { encodeFrame } from '../../protocol/frame.ts'
import { entry } from '../../protocol/messages/entry.ts'
import { diskFrame } from '../../recorder/disk-frames.ts'
import { verifyReceipt } from '../../recorder/verification.ts'
import { runPythonBatch } from '../fixtures/python-verifier.ts'
import { makeReceipt } from '../fixtures/receipt.ts'
import { seededNumbers } from '../fixtures/recording.ts'

const SEED = Number(process.env.LOTSE_TAMPER_SEED ?? 20_260_301)
const RUNS = 500

interface Tampered {
  readonly what: string
  readonly receipt: string
  readonly recording: Buffer
  /** One of these places must be named. */
  readonly places: readonly string[]
}

const made = await makeReceipt({ lines: 3 })
const other = await makeReceipt({ lines: 3, expert: { name: 'Eva Anders', team: 'Technik Nord' } })
const whole = Buffer.concat(made.entries.map(diskFrame))
const number = seededNumbers(SEED)

/** At the entry itself, or at the next, which no longer continues it. */
const around = (place: number) => [place, place + 1].map((at) => `recording.entry ${at}`)

function recording(what: string, entries: readonly Uint8Array[], places: readonly string[]): Tampered {
  return { what, receipt: made.text, recording: Buffer.concat(entries.map(diskFrame)), places }
}

/** Whoever changes the file knows its checksums and sets them right; only `raw` does not. */
const ON_RECORDING: Record<string, (place: number) => Tampered> = {
  flip(place) {
    const entries = made.entries.map((bytes) => bytes.slice())
    const bytes = entries[place]!
    const [at, bit] = [number(bytes.length), number(8)]
    bytes[at]! ^= 1 << bit
    return recording(`flip ${place} byte ${at} bit ${bit}`, entries, around(place))
  },
  raw(place) {
    const file = Buffer.from(whole)
    const at = made.entries.slice(0, place).reduce((sum, { length }) => sum + length + 8, 0) + number(8)
    file[at]! ^= 1 << number(8)
    return { what: `raw ${at}`, receipt: made.text, recording: file, places: [`recording.entry ${place}`] }
  },
  drop(place) {
    const isLast = place === made.entries.length - 1
    return recording(
      `drop ${place}`,
      made.entries.toSpliced(place, 1),
      isLast ? ['recording.end'] : around(place),
    )
  },
  add(place) {
    const foreign = other.entries[number(other.entries.length)]!
    return recording(`add ${place}`, made.entries.toSpliced(place, 0, foreign), around(place))
  },
  repeat(place) {
    return recording(
      `repeat ${place}`,
      made.entries.toSpliced(place, 0, made.entries[place]!),
      around(place + 1),
    )
  },
  swap(place) {
    const at = Math.min(place, made.entries.length - 2)
    const [one, two] = [made.entries[at]!, made.entries[at + 1]!]
    return recording(`swap ${at}`, made.entries.toSpliced(at, 2, two, one), around(at))
  },
  truncate() {
    const length = number(whole.length)
    let [end, place] = [0, 0]
    while (end + made.entries[place]!.length + 8 <= length) end += made.entries[place++]!.length + 8
    const places = length === end && place > 0 ? ['recording.end'] : [`recording.entry ${place}`]
    return { what: `truncate ${length}`, receipt: made.text, recording: whole.subarray(0, length), places }
  },
  fork(place) {
    // From here on others' entries, chained as they should be: only the closing can't be made anew.
    const from = Math.max(1, place)
    const entries = made.entries.slice(0, from)
    const last = made.entries.length - 1
    for (let seq = from; seq < last; seq++) {
      const header = { t: 'record', seq, atMs: 5, type: 'tiles', prev: entryHash(entries.at(-1)!) } as const
      entries.push(encodeFrame(entry, header, new Uint8Array(30)))
    }
    const closing = { t: 'closing', seq: last, atMs: 5, prev: entryHash(entries.at(-1)!) } as const
    const signature = made.entries[last]!.slice(-64)
    return recording(
      `fork ${from}`,
      [...entries, encodeFrame(entry, closing, signature)],
      [`recording.entry ${last}`],
    )
  },
}

const file = readReceiptFile(made.text)!
const document = JSON.parse(file.bundle.receipt.document) as Record<string, unknown>
const SIGNED = ['receipt', 'countersignature', 'card', 'policy'] as const
const starts = SIGNED.map((name) => made.text.indexOf(`"${name}":{"document"`))
const block = { from: made.text.indexOf('<script'), to: made.text.indexOf('</script>') + '</script>'.length }

/** What the character at this place belongs to. */
function regionAt(at: number): readonly string[] {
  if (at < block.from || at >= block.to) return ['receipt.page', 'receipt.data']
  const part = SIGNED[starts.findLastIndex((start) => at >= start)]
  const name = part === 'receipt' ? 'receipt.signature' : `receipt.${part ?? 'page'}`
  return ['receipt.data', name]
}

function receipt(what: string, text: string, places: readonly string[]): Tampered {
  return { what, receipt: text, recording: whole, places }
}

const splice = (at: number, removed: number, added: string) =>
  made.text.slice(0, at) + added + made.text.slice(at + removed)
const SIGNS = 'aZ09-_<>"\\ {},:\u00e4\n'

const ON_RECEIPT: Record<string, (at: number) => Tampered> = {
  character(at) {
    const sign = [...SIGNS].filter((one) => one !== made.text[at])[number(SIGNS.length - 1)]!
    return receipt(`character ${at} to ${JSON.stringify(sign)}`, splice(at, 1, sign), regionAt(at))
  },
  bit(at) {
    const sign = String.fromCharCode(made.text.charCodeAt(at) ^ (1 << number(6)))
    return receipt(`bit of ${at}`, splice(at, 1, sign), regionAt(at))
  },
  remove: (at) => receipt(`remove ${at}`, splice(at, 1, ''), regionAt(at)),
  insert: (at) =>
    receipt(`insert ${at}`, splice(at, 0, SIGNS[number(SIGNS.length)]!), [
      ...regionAt(at),
      ...regionAt(at - 1),
    ]),
  field() {
    // A field of the receipt is changed, and everything that needs no key is made anew around it.
    const names = Object.keys(document)
    const name = names[number(names.length)]!
    const text = JSON.stringify({ ...document, [name]: changed(document[name]) })
    const bundle = { ...file.bundle, receipt: { ...file.bundle.receipt, document: text } }
    return receipt(`field ${name}`, receiptFile(file.page, bundle), ['receipt.signature'])
  },
  exchange() {
    const name = SIGNED[number(SIGNED.length)]!
    const foreign = readReceiptFile(other.text)!.bundle
    const text = receiptFile(file.page, { ...file.bundle, [name]: foreign[name] })
    return receipt(`exchange ${name}`, text, name === 'receipt' ? ['receipt.page'] : [`receipt.${name}`])
  },
}

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return value.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  if (Array.isArray(value)) return value.length > 0 ? value.slice(1) : [{ name: 'x' }]
  const [[name, inner] = ['', null]] = Object.entries(value as object)
  return { ...(value as object), [name]: changed(inner) }
}

function tamper(run: number): Tampered {
  const onRecording = Object.values(ON_RECORDING)
  const onReceipt = Object.values(ON_RECEIPT)
  if (run % 2 === 0) return onRecording[(run / 2) % onRecording.length]!(number(made.entries.length))
  // Half of the places in the signed data, which is less than the page.
  const at = number(2) === 0 ? number(made.text.length) : block.from + number(block.to - block.from)
  return onReceipt[((run - 1) / 2) % onReceipt.length]!(at)
}

t.test(
  `[R5] ${RUNS} seeded changes of receipt and recording are found by both verifiers, with the place`,
  async (t: Test) => {
    t.comment(`seed ${SEED}`)
    const folder = t.testdir()
    const pairs: [string, string][] = []
    const cases: Tampered[] = []
    const missed: unknown[] = []
    for (let run = -1; run < RUNS; run++) {
      const one = run < 0 ? receipt('nothing', made.text, []) : tamper(run)
      const place = join(folder, String(run))
      mkdirSync(place)
      const pair: [string, string] = [join(place, 'receipt.html'), join(place, 'recording')]
      writeFileSync(pair[0], one.receipt)
      writeFileSync(pair[1], one.recording)
      pairs.push(pair)
      cases.push(one)
    }
    const python = runPythonBatch(join(folder, 'pairs'), pairs)
    t.equal(python.length, RUNS + 1)
    for (const [at, one] of cases.entries()) {
      const [receiptFile, recordingFile] = pairs[at]!
      const { code, ...found } = await verifyReceipt({ receiptFile, recordingFile })
      const names = (findings: readonly { place: string }[]) => findings.map(({ place }) => place)
      const ours = { code, wrong: names(found.wrong), unsure: names(found.unsure) }
      const all = [...ours.wrong, ...ours.unsure]
      const isFound = at === 0 ? code === 0 : code !== 0 && one.places.some((place) => all.includes(place))
      const theirs = python[at]!
      if (!isFound || JSON.stringify(ours) !== JSON.stringify(theirs))
        missed.push({ run: at - 1, what: one.what, wanted: one.places, ours, theirs })
    }
    t.same(missed, [])
  },
)

t.test('[R5] every single field of the receipt, also those within others, is covered', async (t) => {
  const folder = t.testdir()
  const paths = leaves(document)
  const pairs: [string][] = []
  for (const [at, path] of paths.entries()) {
    const copy = structuredClone(document)
    const holder = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((part, name) => part[name] as never, copy)
    holder[path.at(-1)!] = changed(holder[path.at(-1)!] ?? 0)
    const bundle = { ...file.bundle, receipt: { ...file.bundle.receipt, document: JSON.stringify(copy) } }
    pairs.push([join(folder, String(at))])
    writeFileSync(pairs[at]![0], receiptFile(file.page, bundle))
  }
  const python = runPythonBatch(join(folder, 'pairs'), pairs)
  for (const [at, [receiptFile]] of pairs.entries()) {
    const { wrong } = await verifyReceipt({ receiptFile })
    t.match(wrong, [{ place: 'receipt.signature' }], paths[at]!.join('.'))
    t.same(python[at]!.wrong, ['receipt.signature'])
  }
  t.ok(paths.length > 40)
})

function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))
}
