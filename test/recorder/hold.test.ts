import { readdirSync } from 'node:fs'
import t from 'tap'
import { listDeletionProofs } from '../../store/deletion-proofs.ts'
import { getRecording } from '../../store/recordings.ts'
import { DAY_MS, HOUR_MS, makeNumbered, RetentionScene, record } from './retention-scene.ts'

/** Two recordings that began together and are kept for two days; the first is going to be held. */
async function scene(folder: string) {
  const scene = new RetentionScene(folder)
  const recorder = await scene.start()
  const [held, plain] = [await makeNumbered(1, 2), await makeNumbered(2, 2)]
  await record(recorder, held)
  await record(recorder, plain)
  return { scene, recorder, held, plain, dueAtMs: scene.machine.trueMs + 2 * DAY_MS }
}

t.test('[R6] a hold outlives the key of its slot, can be extended, and ends on its date', async (t) => {
  const { scene: s, recorder, held, plain, dueAtMs } = await scene(t.testdir())
  const { retention, store } = recorder
  const before = s.backUp()
  await retention.hold(held.sessionId, dueAtMs + DAY_MS)
  const whileHeld = s.backUp()
  t.equal(await s.open(s.data, held), null, 'it opens as before')
  await s.pass(recorder, 2 * DAY_MS + HOUR_MS, HOUR_MS)
  t.match(await listDeletionProofs(store), [{ sessionId: plain.sessionId }], 'the other one went in time')
  t.equal(await s.open(s.data, held), null)
  t.match(await s.open(before, held), /expiry key/, 'a copy from before the hold opens nothing any more')
  t.equal(await s.open(whileHeld, held), null)

  await retention.hold(held.sessionId, dueAtMs + 3 * DAY_MS)
  t.match(await s.open(whileHeld, held), /expiry key/, 'nor does one from before it was extended')
  t.equal(readdirSync(s.keysDirectory).length, 1, 'one key, that of the hold')
  await s.pass(recorder, 3 * DAY_MS - 2 * HOUR_MS, 5 * HOUR_MS)
  t.equal(await s.open(s.data, held), null)
  await s.pass(recorder, 2 * HOUR_MS, HOUR_MS / 4)
  const [, proof] = await listDeletionProofs(store)
  t.match(proof, { sessionId: held.sessionId, state: 'done', dueAtMs: dueAtMs + 3 * DAY_MS, entries: 3 })
  t.ok(proof!.deletedAtMs - proof!.dueAtMs <= HOUR_MS)
  t.same([readdirSync(s.keysDirectory), readdirSync(s.vaultDirectory)], [[], []])
  await recorder.close()
})

t.test('[R6] a hold that is released leaves things as they were, or deletes what is over', async (t) => {
  const { scene: s, recorder, held, plain, dueAtMs } = await scene(t.testdir())
  const { retention, store } = recorder
  for (const { sessionId } of [held, plain]) await retention.hold(sessionId, dueAtMs + 5 * DAY_MS)
  t.match(await getRecording(store, held.sessionId), { retentionUntilMs: dueAtMs + 5 * DAY_MS })
  await retention.release(held.sessionId)
  t.match(await getRecording(store, held.sessionId), { retentionUntilMs: dueAtMs })
  t.equal(await s.open(s.data, held), null)
  await s.pass(recorder, 2 * DAY_MS + HOUR_MS, HOUR_MS)
  t.match(await listDeletionProofs(store), [{ sessionId: held.sessionId, dueAtMs }])
  t.equal(await s.open(s.data, plain), null)
  const copy = s.backUp()
  await retention.release(plain.sessionId)
  await retention.look()
  t.match(await listDeletionProofs(store), [{}, { sessionId: plain.sessionId, state: 'done', dueAtMs }])
  t.match(await s.open(copy, plain), /expiry key/)
  t.same([readdirSync(s.keysDirectory), readdirSync(s.vaultDirectory)], [[], []])
  await recorder.close()
})

t.test('[R6] a hold shorter than the period ends nothing early', async (t) => {
  const { scene: s, recorder, held, dueAtMs } = await scene(t.testdir())
  await recorder.retention.hold(held.sessionId, dueAtMs - DAY_MS)
  await s.pass(recorder, 2 * DAY_MS - HOUR_MS, HOUR_MS)
  t.equal(await s.open(s.data, held), null)
  await s.pass(recorder, 2 * HOUR_MS, HOUR_MS)
  t.equal((await listDeletionProofs(recorder.store)).length, 2)
  await recorder.close()
})

t.test('[R6] what cannot be held is refused in a sentence', async (t) => {
  const { scene: s, recorder, held, dueAtMs } = await scene(t.testdir())
  const { retention } = recorder
  const { sessionId } = held
  await t.rejects(retention.hold(sessionId, s.machine.trueMs - 1), /day that is still to come/)
  await t.rejects(retention.hold(sessionId, Number.NaN), /day that is still to come/)
  await t.rejects(retention.hold('x'.repeat(22), dueAtMs), /no recording of this session/)
  await t.rejects(retention.release(sessionId), /Nobody holds/)
  await s.pass(recorder, 2 * DAY_MS + HOUR_MS, HOUR_MS)
  await t.rejects(retention.hold(sessionId, dueAtMs + DAY_MS), /no recording of this session any more/)
  await recorder.close()
})
