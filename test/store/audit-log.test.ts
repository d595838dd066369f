import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { AuditVerifier } from '../../peer/audit/audit-verifier.ts'
import { AUDIT_GENESIS, type AuditAnchor } from '../../protocol/messages/audit.ts'
import { makeSeed } from '../../signaling/keys/ed25519.ts'
import * as auditLog from '../../store/audit-log.ts'
import { openStore, type Store } from '../../store/store.ts'
import { SigningService } from '../fixtures/audit-log.ts'
import { seededDraw } from '../fixtures/seeded-draw.ts'

const APPENDER = fileURLToPath(new URL('./appending-process.ts', import.meta.url))
const SEED = Number(process.env.LOTSE_AUDIT_SEED ?? 20_300_108)

/** Every line as it lies there, checked from the first to the last, against what was acknowledged. */
async function check(store: Store, publicKey: string, anchors: readonly AuditAnchor[] = []) {
  const head = await auditLog.auditHead(store)
  const lines = await auditLog.readAuditLines(store, { fromSeq: 1, toSeq: head.seq, limit: head.seq + 1 })
  const verifier = new AuditVerifier({ publicKey, anchors: [...anchors, head] })
  for (const { text } of lines) verifier.take(text)
  return { report: verifier.report(), texts: lines.map(({ text }) => text), head }
}

interface Acknowledged extends AuditAnchor {
  readonly n: number
}

function appender(file: string, name: string, count: number, seed: string) {
  const child = fork(APPENDER, [file, name, String(count), seed])
  const acknowledged: Acknowledged[] = []
  const ready = once(child, 'message')
  child.on('message', (message) => message !== 'ready' && acknowledged.push(message as Acknowledged))
  const begin = () => void child.send('go')
  return { child, acknowledged, ready, begin, gone: once(child, 'exit') }
}

async function hasAcknowledged(
  { child, acknowledged }: { child: ChildProcess; acknowledged: unknown[] },
  count: number,
) {
  while (acknowledged.length < count) await once(child, 'message')
}

t.test('[R7] nothing in the store can change or remove a line', async (t) => {
  t.same(Object.keys(auditLog).sort(), ['appendAuditLine', 'appendIn', 'auditHead', 'readAuditLines'])
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  t.same(await auditLog.auditHead(store), { seq: 0, hash: AUDIT_GENESIS })
  t.same(await auditLog.readAuditLines(store, { fromSeq: 1, toSeq: 9 }), [])
})

t.test('[R7] two processes that append at the same time lose and tear nothing', async (t) => {
  const file = join(t.testdir(), 'lotse.sqlite')
  const seed = makeSeed()
  const both = ['one', 'two'].map((name) => appender(file, name, 60, seed))
  for (const { ready } of both) await ready
  for (const { begin } of both) begin()
  t.same(await Promise.all(both.map(({ gone }) => gone)), [
    [0, null],
    [0, null],
  ])
  const store = await openStore(file)
  t.teardown(() => store.close())
  const anchors = both.flatMap(({ acknowledged }) => acknowledged)
  const { report } = await check(store, new SigningService(seed).publicKey, anchors)
  t.equal(new Set(anchors.map(({ seq }) => seq)).size, 120)
  t.match(report, { ok: true, lines: 120 })
  const [one, two] = both.map(({ acknowledged }) => acknowledged.map(({ seq }) => seq))
  t.ok(Math.max(...one!) > Math.min(...two!) && Math.max(...two!) > Math.min(...one!), 'at the same time')
})

t.test('[R7] kill -9 amid appends loses no line that was acknowledged', async (t) => {
  const draw = seededDraw(SEED)
  const file = join(t.testdir(), 'lotse.sqlite')
  const seed = makeSeed()
  const { publicKey } = new SigningService(seed)
  const anchors: AuditAnchor[] = []
  for (let round = 0; round < 4; round++) {
    const victim = appender(file, `round ${round}`, 1e9, seed)
    await victim.ready
    victim.begin()
    await hasAcknowledged(victim, 3 + draw(20))
    victim.child.kill('SIGKILL')
    await victim.gone
    anchors.push(...victim.acknowledged)
    const store = await openStore(file)
    const { report, head } = await check(store, publicKey, anchors)
    await store.close()
    t.match(report, { ok: true }, `seed ${SEED}, round ${round}`)
    t.ok(
      head.seq >= anchors.length && head.seq <= anchors.length + round + 1,
      'at most one a round unheard of',
    )
  }
})

t.test('[R7] a full disk refuses the line and leaves the chain whole', async (t) => {
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  const service = new SigningService()
  const audit = service.audit(store)
  const long = { t: 'operator', command: 'x', given: { text: 'y'.repeat(120) } } as const
  await audit.append(long)
  await store.run(async (db) => {
    const [{ page_count: pages }] = await db.raw('PRAGMA page_count')
    await db.raw(`PRAGMA max_page_count=${pages}`)
  })
  let written = 1
  await t.rejects(
    async () => {
      for (;;) {
        await audit.append(long)
        written++
      }
    },
    { name: 'StorageFailure', code: 'SQLITE_FULL' },
  )
  await t.rejects(audit.append(long), { code: 'SQLITE_FULL' })
  t.match((await check(store, service.publicKey)).report, { ok: true, lines: written })
  await store.run((db) => db.raw('PRAGMA max_page_count=100000'))
  await audit.append(long)
  t.match((await check(store, service.publicKey)).report, { ok: true, lines: written + 1 }, 'and goes on')
})

t.test('[R7] a line our own schema refuses, or one that is too long, is never written', async (t) => {
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  const service = new SigningService()
  const audit = service.audit(store)
  t.throws(() => audit.line({ t: 'operator', command: 'rm -rf', given: {} }), TypeError)
  t.throws(() => audit.line({ t: 'log-in', expert: { id: '', name: 'x' } }), TypeError)
  const names = Array.from(
    { length: 200 },
    (_, n) => `n${'x'.repeat(n % 20)}${'y'.repeat(Math.floor(n / 20))}`,
  )
  const given = Object.fromEntries(names.map((name) => [name, '"'.repeat(120)]))
  await t.rejects(audit.append({ t: 'operator', command: 'x', given }), RangeError)
  t.match((await check(store, service.publicKey)).report, { ok: true, lines: 0 })
})

t.test('[R7] rows taken out of the database show, even where more lines follow', async (t) => {
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  const service = new SigningService()
  const audit = service.audit(store)
  for (let n = 0; n < 5; n++) await audit.append({ t: 'service-started' })
  await store.run((db) => db('audit_log').where('seq', '>', 3).delete())
  t.match((await check(store, service.publicKey)).report, { ok: false, fault: 'cut', seq: 4 })
  await audit.append({ t: 'service-started' })
  t.match((await check(store, service.publicKey)).report, { ok: false, fault: 'wrong-seq', seq: 4 })
})
