import { join } from 'node:path'
import t from 'tap'
import { getRecording, listRecordings, type RecordingRow, upsertRecording } from '../../store/recordings.ts'
import { openStore } from '../../store/store.ts'

t.test('[R2] the index of recordings holds the newest state of each', async (t) => {
  const store = await openStore(join(t.testdir(), 'recorder.sqlite'))
  t.teardown(() => store.close())
  const open: RecordingRow = {
    sessionId: 'a',
    state: 'open',
    startedAtMs: 10,
    endedAtMs: null,
    entries: 1,
    bytes: 100,
    headHash: null,
    retentionUntilMs: 1000,
  }
  const closed: RecordingRow = {
    ...open,
    state: 'closed',
    endedAtMs: 20,
    entries: 9,
    bytes: 5e9,
    headHash: 'h'.repeat(43),
  }
  await upsertRecording(store, open)
  await upsertRecording(store, { ...open, sessionId: 'b', startedAtMs: 11 })
  await upsertRecording(store, closed)
  t.same(await getRecording(store, 'a'), closed)
  t.equal(await getRecording(store, 'none'), null)
  t.same(
    (await listRecordings(store)).map(({ sessionId }) => sessionId),
    ['b', 'a'],
  )
  t.same(await listRecordings(store, { state: 'closed' }), [closed])
})
