import { join } from 'node:path'
import t, { type Test } from 'tap'
import { lengthsWithRoom, NAMEPLATE_REST_MS, nameplateAt } from '../../store/nameplate-rules.ts'
import { addWaitingSession, burnNumber, endSession } from '../../store/sessions.ts'
import { openStore, type Store } from '../../store/store.ts'
import { addTestExpert, testSession } from './stored-expert.ts'

const DAY_MS = 24 * 60 * 60 * 1000

async function freshStore(t: Test): Promise<Store> {
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  await addTestExpert(store)
  return store
}

/** Opens one session and tells its nameplate, or that there was no room. */
async function open(store: Store, n: number | string, nowMs: number, draw?: (below: number) => number) {
  const opened = await addWaitingSession(store, testSession(n, nowMs), draw)
  return opened === 'service-full' ? opened : opened.nameplate
}

/** As if this many nameplates of one length had been allotted long before. */
async function fill(
  store: Store,
  digits: number,
  count: number,
  expiresAtMs: (index: number) => number,
): Promise<void> {
  await store.transaction(async (trx) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      nameplate: nameplateAt(index, digits),
      digits,
      session_id: 'earlier',
      expires_at_ms: expiresAtMs(index),
    }))
    await trx.batchInsert('nameplates', rows, 200)
  })
}

t.test('[N1] the length follows how many wait', async (t) => {
  const waiting = (three: number, four: number, five: number) => [
    ...Array(three).fill('123'),
    ...Array(four).fill('1234'),
    ...Array(five).fill('12345'),
  ]
  t.same(lengthsWithRoom(waiting(0, 0, 0)), [3, 4, 5])
  t.same(lengthsWithRoom(waiting(49, 0, 0)), [3, 4, 5])
  t.same(lengthsWithRoom(waiting(50, 0, 0)), [4, 5])
  t.same(lengthsWithRoom(waiting(50, 49, 0)), [4, 5])
  t.same(lengthsWithRoom(waiting(50, 50, 0)), [5])
  t.same(lengthsWithRoom(waiting(50, 50, 499)), [5])
  t.same(lengthsWithRoom(waiting(50, 50, 500)), [])
})

t.test('[N1] 50 wait under 3 digits, 50 under 4, 500 under 5, then the service is full', async (t) => {
  const store = await freshStore(t)
  const allotted: string[] = []
  for (let n = 0; n < 600; n++) allotted.push(await open(store, n, 1000))
  t.equal(new Set(allotted).size, 600, 'no nameplate twice')
  t.same(
    [3, 4, 5].map((digits) => allotted.filter((nameplate) => nameplate.length === digits).length),
    [50, 50, 500],
  )
  t.equal(await open(store, 'one more', 1000), 'service-full')

  const burned = await burnNumber(store, { nameplate: allotted[7]!, customerTokenHash: 'c', nowMs: 2000 })
  t.type(burned, 'object')
  const freed = await open(store, 'after one left', 2000)
  t.equal(freed.length, 3, 'room of 3 digits is used again at once')
  t.not(freed, allotted[7], 'but not that nameplate')
  t.equal(await open(store, 'full again', 2000), 'service-full')
  const later = 1000 + 600_000
  t.equal((await open(store, 'when the numbers have expired', later)).length, 3)
})

t.test('[N3] a nameplate is not allotted again for 24 hours', async (t) => {
  const store = await freshStore(t)
  const always7 = (below: number) => 7 % below
  t.equal(await open(store, 'first', 0, always7), '007')
  await burnNumber(store, { nameplate: '007', customerTokenHash: 'c', nowMs: 1 })
  t.not(await open(store, 'second', 2, always7), '007')
  const restedAt = 600_000 + NAMEPLATE_REST_MS
  t.not(await open(store, 'a moment before', restedAt - 1, always7), '007')
  t.equal(await open(store, 'rested', restedAt, always7), '007')
})

t.test('[N3] the last free nameplate is found, whatever is drawn', async (t) => {
  const store = await freshStore(t)
  await fill(store, 3, 1000, (index) => (index === 613 ? 0 : DAY_MS))
  t.equal(await open(store, 1, NAMEPLATE_REST_MS, () => 0), '613')
})

t.test('[N3] where no short one has rested a longer one is taken before any is used again', async (t) => {
  const store = await freshStore(t)
  await fill(store, 3, 1000, () => DAY_MS)
  t.equal((await open(store, 1, DAY_MS + 1)).length, 4)
})

t.test('[N3] where none of any length has rested, the oldest comes first', async (t) => {
  const store = await freshStore(t)
  const nowMs = 10 * DAY_MS
  const within24h = (index: number) => nowMs - 1000 + (index % 500)
  await fill(store, 3, 1000, (index) => (index === 321 ? nowMs - 5000 : within24h(index)))
  await fill(store, 4, 10_000, (index) => (index === 4321 ? nowMs - 6000 : within24h(index)))
  await fill(store, 5, 100_000, within24h)
  t.equal(await open(store, 1, nowMs), '4321')
  t.equal(await open(store, 2, nowMs), '321')
  t.equal(await open(store, 3, nowMs), '000', 'then the next oldest, lowest first')
})

t.test('[N3] a waiting session keeps its nameplate however old it is', async (t) => {
  const store = await freshStore(t)
  t.equal(await open(store, 'unended', 0, () => 5), '005')
  const dayAfter = 2 * DAY_MS
  t.not(await open(store, 'another', dayAfter, () => 5), '005', 'its end has not been written yet')
  const { id } = testSession('unended', 0)
  await endSession(store, { sessionId: id, reason: 'number-expired', by: null, nowMs: dayAfter })
  t.equal(await open(store, 'third', dayAfter, () => 5), '005')
})
