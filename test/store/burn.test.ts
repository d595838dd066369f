import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  addWaitingSession,
  burnNumber,
  endSession,
  getSession,
  listLiveSessions,
} from '../../store/sessions.ts'
import { openStore } from '../../store/store.ts'
import { addTestExpert, testSession } from './stored-expert.ts'

const RACER = fileURLToPath(new URL('./burning-process.ts', import.meta.url))

t.test('[N3] unknown, used, expired and cancelled numbers each have their own answer', async (t) => {
  const store = await openStore(join(t.testdir(), 'lotse.sqlite'))
  t.teardown(() => store.close())
  await addTestExpert(store)
  const attempt = (nameplate: string, nowMs: number) =>
    burnNumber(store, { nameplate, customerTokenHash: 'c'.repeat(43), nowMs })

  t.equal(await attempt('999', 0), 'unknown')
  const session = testSession('a', 0)
  const opened = await addWaitingSession(store, session)
  if (opened === 'service-full') throw new Error('no room')
  t.equal(await attempt(opened.nameplate, 600_000), 'expired', 'its ten minutes are over')
  t.same(await attempt(opened.nameplate, 599_999), { sessionId: session.id })
  t.equal(await attempt(opened.nameplate, 599_999), 'used')
  t.match(await getSession(store, session.id), { state: 'paired', burnedAtMs: 599_999 })

  const cancelled = testSession('b', 0)
  const other = await addWaitingSession(store, cancelled)
  if (other === 'service-full') throw new Error('no room')
  await endSession(store, { sessionId: cancelled.id, reason: 'number-cancelled', by: 'expert', nowMs: 5 })
  t.equal(await attempt(other.nameplate, 6), 'expired')
  await endSession(store, { sessionId: cancelled.id, reason: 'line-lost', by: null, nowMs: 9 })
  t.match(
    await getSession(store, cancelled.id),
    { state: 'ended', reason: 'number-cancelled', by: 'expert', endedAtMs: 5, burnedAtMs: null },
    'the first end stands',
  )
  t.same(
    (await listLiveSessions(store)).map((row) => row.id),
    [session.id],
  )
})

t.test('[N3] two processes on one file: every number is burned exactly once', async (t) => {
  const file = join(t.testdir(), 'lotse.sqlite')
  const store = await openStore(file)
  t.teardown(() => store.close())
  await addTestExpert(store)
  const nameplates: string[] = []
  for (let n = 0; n < 40; n++) {
    const opened = await addWaitingSession(store, testSession(n, Date.now()))
    if (opened === 'service-full') throw new Error('no room')
    nameplates.push(opened.nameplate)
  }
  const racers = [1, 2].map((name) => fork(RACER, [file, String(name), ...nameplates]))
  await Promise.all(racers.map((racer) => once(racer, 'message')))
  const results = racers.map(async (racer) => (await once(racer, 'message'))[0] as string[])
  for (const racer of racers) racer.send('go')
  const won = (await Promise.all(results)).flat()
  t.same(won.toSorted(), nameplates.toSorted(), 'each number once, by one of the two')
})
