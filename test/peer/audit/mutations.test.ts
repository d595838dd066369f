import t, { type Test } from 'tap'
import type { AuditReport } from '../../../peer/audit/audit-verifier.ts'
import { verifyAuditLog } from '../../../recorder/audit-file.ts'
import { exported, SigningService, type Written } from '../../fixtures/audit-log.ts'
import { type AuditJob, pythonVerdicts } from '../../fixtures/python-audit.ts'
import { seededDraw } from '../../fixtures/seeded-draw.ts'

const SEED = Number(process.env.LOTSE_AUDIT_SEED ?? 20_300_107)
const PLACES = 500
const LINES = 10

const service = new SigningService()
const stranger = new SigningService()
const original = service.written(LINES)
const whole = exported(original)
/** The lines with their line feeds, the statement last. */
const parts = [...original.lines, original.statement].map((line) => Buffer.from(`${line}\n`))
const key = service.publicKey

interface Mutation {
  readonly what: string
  readonly job: AuditJob
  /** The line both verifiers must name. */
  readonly seq: number
  readonly fault?: string
}

async function* inChunks(bytes: Buffer, size = 1000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function reportOn({ log, key: publicKey, anchors = [], other }: AuditJob): Promise<AuditReport> {
  const against = other ? { against: inChunks(other) } : {}
  return (await verifyAuditLog({ log: inChunks(log), publicKey, anchors, ...against })).report
}

/** Both verifiers must find every one, and say the same of it. */
async function findsAll(t: Test, mutations: readonly Mutation[]): Promise<void> {
  const jobs = mutations.map(({ job }) => job)
  const [python, reports] = await Promise.all([pythonVerdicts(jobs), Promise.all(jobs.map(reportOn))])
  const missed: object[] = []
  for (const [index, { what, seq, fault }] of mutations.entries()) {
    const report = reports[index]!
    const wanted = fault === undefined ? { ok: false, seq } : { ok: false, seq, fault }
    const isFound = (verdict: object) =>
      Object.entries(wanted).every(([name, value]) => (verdict as Record<string, unknown>)[name] === value)
    const isSame = JSON.stringify(sorted(report)) === JSON.stringify(sorted(python[index]!))
    if (!isFound(report) || !isFound(python[index]!) || !isSame)
      missed.push({ what, wanted, report, python: python[index] })
  }
  t.equal(mutations.length, PLACES)
  t.same(missed.slice(0, 5), [], `seed ${SEED}`)
}

const sorted = (verdict: object) => Object.entries(verdict).toSorted(([a], [b]) => (a < b ? -1 : 1))

function places(kind: number, mutate: (draw: (below: number) => number) => Mutation): Mutation[] {
  const draw = seededDraw(SEED + kind)
  return Array.from({ length: PLACES }, () => mutate(draw))
}

/** Number of the line that holds this byte. */
function lineOf(byte: number): number {
  return 1 + parts.findIndex((_, line) => byte < startOf(line + 1))
}

t.test('[R7] an unchanged log passes both verifiers, which agree on its head', async (t) => {
  const report = await reportOn({ key, log: whole, anchors: original.anchors })
  t.match(report, { ok: true, lines: LINES, head: original.anchors.at(-1)!.hash })
  const [python] = await pythonVerdicts([{ key, log: whole, anchors: original.anchors }])
  t.same(python, { ok: true, lines: LINES, head: original.anchors.at(-1)!.hash })
})

t.test(`[R7] one bit flipped, at ${PLACES} places: found, in its line`, async (t) => {
  const mutations = places(1, (draw) => {
    const [byte, bit] = [draw(whole.length), draw(8)]
    const log = Buffer.from(whole)
    log[byte]! ^= 1 << bit
    return { what: `byte ${byte}, bit ${bit}`, job: { key, log }, seq: lineOf(byte) }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] a line dropped, ${PLACES} times: found, where it was`, async (t) => {
  const mutations = places(2, (draw) => {
    const at = draw(parts.length)
    return { what: `line ${at + 1}`, job: { key, log: Buffer.concat(parts.toSpliced(at, 1)) }, seq: at + 1 }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] a line added, at ${PLACES} places: found, where it is`, async (t) => {
  const foreign = stranger.written(LINES)
  const mutations = places(3, (draw) => {
    const [at, from, kind] = [draw(parts.length + 1), draw(parts.length), draw(3)]
    const kinds = [parts[from]!, Buffer.from(`${foreign.lines[from % LINES]}\n`), Buffer.from('\n')]
    const log = Buffer.concat(parts.toSpliced(at, 0, kinds[kind]!))
    // A line before itself: the second of the two is the one that does not fit.
    const seq = kind === 0 && from === at ? at + 2 : at + 1
    return { what: `kind ${kind} of ${from + 1} before ${at + 1}`, job: { key, log }, seq }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] two lines swapped, ${PLACES} times: found, at the first`, async (t) => {
  const mutations = places(4, (draw) => {
    const a = draw(parts.length - 1)
    const b = a + 1 + draw(parts.length - 1 - a)
    const log = Buffer.concat(parts.with(a, parts[b]!).with(b, parts[a]!))
    return { what: `${a + 1} and ${b + 1}`, job: { key, log }, seq: a + 1 }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] the end cut off, at ${PLACES} bytes: found, at the first missing line`, async (t) => {
  const mutations = places(5, (draw) => {
    const byte = draw(4) === 0 ? startOf(draw(parts.length)) : draw(whole.length)
    return { what: `before byte ${byte}`, job: { key, log: whole.subarray(0, byte) }, seq: lineOf(byte) }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] the end cut and signed anew by the service, ${PLACES} times: found by an anchor`, async (t) => {
  const mutations = places(6, (draw) => {
    const left = draw(LINES)
    const anchor = original.anchors[left + draw(LINES - left)]!
    const log = exported(service.written(left, original, left))
    return { what: `${left} left`, job: { key, log, anchors: [anchor] }, seq: left + 1, fault: 'cut' }
  })
  await findsAll(t, mutations)
})

t.test(`[R7] a log that forks, at ${PLACES} places: found`, async (t) => {
  const mutations = places(7, (draw) => {
    const [shared, kind] = [draw(LINES), draw(3)]
    const fork = service.written(shared + 1 + draw(LINES), original, shared)
    return forked(fork, { shared, kind, draw })
  })
  await findsAll(t, mutations)
})

interface Fork {
  readonly shared: number
  readonly kind: number
  draw(below: number): number
}

/** Every line of it is signed by the service itself: it can be told only from what somebody else knows. */
function forked(fork: Written, { shared, kind, draw }: Fork): Mutation {
  const what = `after ${shared}, kind ${kind}`
  const log = exported(fork)
  if (kind === 0) return { what, job: { key, log, other: whole }, seq: shared + 1, fault: 'fork' }
  if (kind === 1) {
    const anchor = original.anchors[shared + draw(LINES - shared)]!
    const isReached = anchor.seq <= fork.lines.length
    const seq = isReached ? anchor.seq : fork.lines.length + 1
    return { what, job: { key, log, anchors: [anchor] }, seq, fault: isReached ? 'fork' : 'cut' }
  }
  // The beginning of one, then the end of the other.
  const at = shared + 1 + draw(Math.min(LINES, fork.lines.length) - shared)
  const lines = [...original.lines.slice(0, at), ...fork.lines.slice(at)]
  const spliced = exported({ ...fork, lines })
  const isStatementNext = at === fork.lines.length
  const fault = isStatementNext ? 'fork' : 'broken-link'
  return { what, job: { key, log: spliced }, seq: isStatementNext ? at : at + 1, fault }
}

const startOf = (line: number) => Buffer.concat(parts.slice(0, line)).length
