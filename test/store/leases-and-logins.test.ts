import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addExpert, disableExpert, findExpertByName, listExperts } from '../../store/experts.ts'
import { createLogin, findLogin, forgetExpiredLogins, revokeLogin } from '../../store/logins.ts'
import { addLease, finishLeases, lastRecorderOf, listOpenLeases } from '../../store/recorder-leases.ts'
import { addWaitingSession, endSession } from '../../store/sessions.ts'
import { openStore } from '../../store/store.ts'
import { addTestExpert, testSession } from './stored-expert.ts'

async function freshFile(t: Test) {
  const file = join(t.testdir(), 'lotse.sqlite')
  const store = await openStore(file)
  await addTestExpert(store)
  return { file, store }
}

t.test('[R1] lease epochs rise over all sessions and over a restart', async (t) => {
  const { file, store } = await freshFile(t)
  const [a, b] = [testSession('a', 0), testSession('b', 0)]
  await addWaitingSession(store, a)
  await addWaitingSession(store, b)
  const lease = (sessionId: string, recorderKey: string) => ({ sessionId, recorderKey, nowMs: 1 })
  const first = await addLease(store, lease(a.id, 'K1'))
  const second = await addLease(store, lease(b.id, 'K1'))
  const third = await addLease(store, lease(a.id, 'K2'))
  await store.close()
  const again = await openStore(file)
  t.teardown(() => again.close())
  const fourth = await addLease(again, lease(b.id, 'K2'))
  t.same(
    [first, second, third, fourth].map(({ epoch }) => epoch),
    [1, 2, 3, 4],
  )
  t.equal(await lastRecorderOf(again, a.id), 'K2')
  t.equal(await lastRecorderOf(again, 'nobody'), null)

  await endSession(again, { sessionId: a.id, reason: 'expert-ended', by: 'expert', nowMs: 2 })
  await finishLeases(again, { ...lease(b.id, 'K1'), nowMs: 3 })
  t.same(await listOpenLeases(again, 'K1', 2), [
    { sessionId: a.id, ended: { reason: 'expert-ended', by: 'expert' } },
  ])
  const dayAfter = 2 + 24 * 60 * 60 * 1000
  t.same(await listOpenLeases(again, 'K1', dayAfter), [], 'the ended one is told for a day')
  t.same(await listOpenLeases(again, 'K2', dayAfter), [{ sessionId: b.id, ended: null }])
})

t.test('[T3] an expert has one name, whatever its case', async (t) => {
  const { store } = await freshFile(t)
  t.teardown(() => store.close())
  const expert = { id: '2', team: '', role: 'expert', passwordHash: 'h', createdAtMs: 1 } as const
  t.equal(await addExpert(store, { ...expert, name: ' erika ' }), 'name-taken')
  t.equal(await addExpert(store, { ...expert, name: ' Jürgen  Groß ' }), 'added')
  t.equal((await findExpertByName(store, 'JÜRGEN groß'))?.name, 'Jürgen Groß')
  t.same(
    (await listExperts(store)).map(({ name }) => name),
    ['Erika', 'Jürgen Groß'],
  )
})

t.test('[T3] a log-in ends by time, by log-out and when the expert is disabled', async (t) => {
  const { store } = await freshFile(t)
  t.teardown(() => store.close())
  for (const tokenHash of ['one', 'two', 'three'])
    await createLogin(store, { tokenHash, expertId: 'expert-1', nowMs: 0, expiresAtMs: 100 })
  t.match(await findLogin(store, 'one', 99), { expertId: 'expert-1', name: 'Erika', team: 'IT' })
  t.equal(await findLogin(store, 'one', 100), null)
  await revokeLogin(store, 'one')
  t.equal(await findLogin(store, 'one', 1), null)
  t.ok(await findLogin(store, 'two', 1))
  t.equal(await disableExpert(store, 'ERIKA'), true)
  t.equal(await findLogin(store, 'two', 1), null)
  t.equal((await findExpertByName(store, 'Erika'))?.disabled, true)
  t.equal(await disableExpert(store, 'nobody'), false)
  await forgetExpiredLogins(store, 1000)
})
