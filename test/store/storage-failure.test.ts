import { statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addWaitingSession, burnNumber } from '../../store/sessions.ts'
import { openStore, StorageFailure } from '../../store/store.ts'
import { addTestExpert, testSession } from './stored-expert.ts'

async function opened(t: Test) {
  const file = join(t.testdir(), 'lotse.sqlite')
  const store = await openStore(file, { busyTimeoutMs: 20 })
  t.teardown(() => store.close())
  await addTestExpert(store)
  return { file, store }
}

t.test('a full disk fails the request, not the store', async (t) => {
  const { store } = await opened(t)
  const full = 'x'.repeat(20_000)
  const session = (n: number) => ({ ...testSession(n, 0), card: { document: full, signature: 's' } })
  t.type(await addWaitingSession(store, session(1)), 'object')
  await store.run(async (db) => {
    const [{ page_count: pages }] = await db.raw('PRAGMA page_count')
    await db.raw(`PRAGMA max_page_count=${pages}`)
  })
  await t.rejects(addWaitingSession(store, session(2)), { name: 'StorageFailure', code: 'SQLITE_FULL' })
  await t.rejects(
    addWaitingSession(store, session(3)),
    { code: 'SQLITE_FULL' },
    'no transaction was left open',
  )
  await store.run((db) => db.raw('PRAGMA max_page_count=100000'))
  t.type(await addWaitingSession(store, session(4)), 'object', 'room again, work again')
})

t.test('a file another process holds for too long fails the request, not the store', async (t) => {
  const { file, store } = await opened(t)
  const waiting = await addWaitingSession(store, testSession(1, 0))
  if (waiting === 'service-full') throw new Error('no room')
  const other = await openStore(file)
  t.teardown(() => other.close())
  await other.run((db) => db.raw('BEGIN IMMEDIATE'))
  const attempt = { nameplate: waiting.nameplate, customerTokenHash: 'secret-hash', nowMs: 1 }
  const failure = await burnNumber(store, attempt).catch((error: unknown) => error)
  t.match(failure, { name: 'StorageFailure', code: 'SQLITE_BUSY' })
  t.notMatch(
    String((failure as Error).stack),
    /secret-hash|update/i,
    '[S5] neither query nor values are told',
  )
  await t.rejects(addWaitingSession(store, testSession(2, 0)), { code: 'SQLITE_BUSY' })
  await other.run((db) => db.raw('ROLLBACK'))
  t.type(await burnNumber(store, attempt), 'object')
})

t.test('a mistake in a query is no storage failure', async (t) => {
  const { store } = await opened(t)
  await t.rejects(
    store.run((db) => db('no_such_table').select()),
    { code: 'SQLITE_ERROR' },
  )
  const session = testSession(1, 0)
  await addWaitingSession(store, session)
  const again = await addWaitingSession(store, session).catch((error: unknown) => error)
  t.match(again, { code: 'SQLITE_CONSTRAINT' })
  t.notOk(again instanceof StorageFailure)
})

t.test('opened by two at the same time, a new file is set up once; only its owner reads it', async (t) => {
  const file = join(t.testdir(), 'lotse.sqlite')
  const stores = await Promise.all([openStore(file), openStore(file), openStore(file)])
  for (const store of stores) t.teardown(() => store.close())
  t.equal(statSync(file).mode & 0o777, 0o600)
  const [{ synchronous }] = await stores[0]!.run((db) => db.raw('PRAGMA synchronous'))
  const [{ journal_mode: journal }] = await stores[0]!.run((db) => db.raw('PRAGMA journal_mode'))
  t.same([synchronous, journal], [2, 'wal'], 'FULL, and a write-ahead log')
})
