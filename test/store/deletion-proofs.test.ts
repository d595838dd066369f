import { join } from 'node:path'
import t from 'tap'
import {
  beginDeletion,
  type DeletionProof,
  finishDeletion,
  listDeletionProofs,
  markReported,
} from '../../store/deletion-proofs.ts'
import {
  getRecording,
  listDue,
  type RecordingRow,
  setRetention,
  upsertRecording,
} from '../../store/recordings.ts'
import { openStore } from '../../store/store.ts'

const row: RecordingRow = {
  sessionId: 'a',
  state: 'closed',
  startedAtMs: 10,
  endedAtMs: 20,
  entries: 9,
  bytes: 5e9,
  headHash: 'h'.repeat(43),
  retentionUntilMs: 1000,
}
const proof: DeletionProof = {
  sessionId: 'a',
  headHash: row.headHash,
  entries: 9,
  bytes: 5e9,
  dueAtMs: 1000,
  deletedAtMs: 1200,
  keySlotMs: 900,
}

t.test('[R6] from the decision on nothing brings a recording back, and the proof stays', async (t) => {
  const store = await openStore(join(t.testdir(), 'recorder.sqlite'))
  t.teardown(() => store.close())
  await upsertRecording(store, row)
  await upsertRecording(store, { ...row, retentionUntilMs: 5_000, entries: 10 })
  t.match(await getRecording(store, 'a'), { retentionUntilMs: 1000, entries: 10 }, 'how long is not retold')
  await setRetention(store, 'a', 999)
  t.same(await listDue(store, 999, 10), [])
  t.match(await listDue(store, 1000, 10), [{ sessionId: 'a' }])
  await beginDeletion(store, proof)
  await upsertRecording(store, row)
  t.match(await getRecording(store, 'a'), { state: 'deleting' })
  t.same(await listDue(store, 1000, 10), [])
  const [begun] = await listDeletionProofs(store, { state: 'deleting' })
  t.same(begun, { ...proof, id: 1, state: 'deleting', isReported: false })
  await finishDeletion(store, begun!, 1300)
  t.equal(await getRecording(store, 'a'), null)
  const [done] = await listDeletionProofs(store, { sessionId: 'a', isReported: false })
  t.same(done, { ...proof, id: 1, state: 'done', deletedAtMs: 1300, isReported: false })
  await markReported(store, done!)
  t.same(await listDeletionProofs(store, { isReported: false }), [])
  t.equal((await listDeletionProofs(store, { afterId: 0 })).length, 1)
})
