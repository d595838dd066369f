import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nodeDisk } from '../../recorder/disk.ts'
import { SLOT_MS } from '../../recorder/expiry-slot.ts'
import { factsOf } from '../../recorder/recording-index.ts'
import { storeIndex } from '../../recorder/store-index.ts'
import { type KeptProof, listDeletionProofs } from '../../store/deletion-proofs.ts'
import { getRecording, removeRecording, setRetention } from '../../store/recordings.ts'
import { openingOf } from '../fixtures/recording.ts'
import { chat, DAY_MS, HOUR_MS, MINUTE_MS, makeNumbered, RetentionScene, record } from './retention-scene.ts'

const KEY_GONE = /expiry key of this recording is not there/

t.test('[R6] day 91: a copy from any day before and every key open nothing; the proof stays', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const first = await scene.start()
  const made = await makeNumbered(1)
  await record(first, made)
  const dueAtMs = scene.machine.trueMs + 90 * DAY_MS
  await first.close()
  const copies: string[] = []
  for (let day = 1; day <= 90; day++) {
    scene.machine.trueMs += DAY_MS - (day === 90 ? 20 * MINUTE_MS : 0)
    const recorder = await scene.start()
    await recorder.retention.look()
    copies.push(scene.backUp())
    await recorder.close()
  }
  for (const copy of copies) t.equal(await scene.open(copy, made), null, 'on day 90 each copy still opens')
  const recorder = await scene.start()
  await scene.pass(recorder, 20 * MINUTE_MS)
  t.equal(await scene.open(scene.data, made), null, 'at its due time it is still there')
  await scene.pass(recorder, HOUR_MS)
  const [proof, ...more] = await listDeletionProofs(recorder.store)
  t.same(more, [])
  const { head: headHash } = made.writer
  t.match(proof, { sessionId: made.sessionId, state: 'done', headHash, entries: 3, dueAtMs })
  t.ok(proof!.bytes > 500 && proof!.deletedAtMs - dueAtMs < HOUR_MS, 'within an hour')
  t.same([readdirSync(scene.keysDirectory), readdirSync(scene.vaultDirectory)], [[], []])
  t.equal(await getRecording(recorder.store, made.sessionId), null)
  for (const copy of copies) t.match(await scene.open(copy, made), KEY_GONE)
  t.match(await scene.open(scene.data, made), /no recording of session/)
  await recorder.close()
})

t.test(
  '[R6] whenever in its slot a recording falls due, it goes within an hour and not before',
  async (t) => {
    const scene = new RetentionScene(t.testdir())
    const recorder = await scene.start()
    const startedAtMs = new Map<string, number>()
    for (let n = 0; n < 20; n++) {
      const made = await makeNumbered(n, 1)
      startedAtMs.set(made.sessionId, scene.machine.trueMs)
      await record(recorder, made)
      scene.machine.trueMs += 14 * MINUTE_MS + n
    }
    const keys = readdirSync(scene.keysDirectory).length
    t.ok(keys < 14, `${keys} keys for 20 recordings in five hours`)
    await scene.pass(recorder, DAY_MS + HOUR_MS)
    const proofs = await listDeletionProofs(recorder.store)
    const lateMs = proofs.map((proof) => proof.deletedAtMs - startedAtMs.get(proof.sessionId)! - DAY_MS)
    t.equal(lateMs.length, 20)
    t.ok(Math.min(...lateMs) >= 0, `at the earliest ${Math.min(...lateMs)} ms after its due time`)
    t.ok(Math.max(...lateMs) <= SLOT_MS + 5 * MINUTE_MS, `at the latest ${Math.max(...lateMs)} ms`)
    t.same(readdirSync(scene.vaultDirectory), [])
    await recorder.close()
  },
)

t.test('[R6] what fell due in three days of downtime goes within an hour of coming back', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const first = await scene.start()
  await record(first, await makeNumbered(1, 2))
  await first.retention.look()
  await first.close()
  scene.machine.trueMs += 3 * DAY_MS
  scene.machine.bootedAtMs = scene.machine.trueMs
  const back = await scene.start()
  await back.retention.look()
  t.equal((await listDeletionProofs(back.store)).length, 0, 'not before the clock has stood for a while')
  await scene.pass(back, 30 * MINUTE_MS)
  t.equal((await listDeletionProofs(back.store)).length, 1)
  await back.close()
})

t.test(
  '[R6] a jump back a year and forward again changes no due time; a jump forward deletes nothing',
  async (t) => {
    const scene = new RetentionScene(t.testdir())
    const { machine } = scene
    const recorder = await scene.start()
    const [one, two] = [await makeNumbered(1, 2), await makeNumbered(2, 2)]
    const dueAtMs = machine.trueMs + 2 * DAY_MS
    await record(recorder, one)
    machine.wallErrorMs = -365 * DAY_MS
    await record(recorder, two)
    await scene.pass(recorder, DAY_MS, HOUR_MS)
    machine.wallErrorMs = 365 * DAY_MS
    await scene.pass(recorder, DAY_MS - HOUR_MS, HOUR_MS)
    t.equal((await listDeletionProofs(recorder.store)).length, 0)
    const told = scene.said.filter((sentence) => /ahead of what the recorder could measure/.test(sentence))
    t.ok(told.length >= 22 && told.length <= 24, `told once an hour: ${told.length} times in 23 hours`)
    machine.wallErrorMs = 0
    await scene.pass(recorder, 2 * HOUR_MS)
    const proofs = await listDeletionProofs(recorder.store)
    t.same(
      proofs.map((proof) => proof.dueAtMs),
      [dueAtMs, dueAtMs],
    )
    t.ok(proofs.every(({ deletedAtMs }) => deletedAtMs >= dueAtMs && deletedAtMs <= dueAtMs + HOUR_MS))
    await recorder.close()
  },
)

t.test('[R6] what the index lost or has wrong is found in the vault and goes in time', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const { machine } = scene
  const recorder = await scene.start()
  const numbered = await Promise.all([1, 2, 3, 4].map((n) => makeNumbered(n, 2)))
  for (const made of numbered) await record(recorder, made)
  const dueAtMs = machine.trueMs + 2 * DAY_MS
  const [lost, late, early, plain] = numbered.map(({ sessionId }) => sessionId)
  await removeRecording(recorder.store, lost!)
  await setRetention(recorder.store, late!, dueAtMs + 300 * DAY_MS)
  await setRetention(recorder.store, early!, machine.trueMs - DAY_MS)
  await recorder.retention.look()
  for (const sessionId of [lost, late, early, plain])
    t.match(await getRecording(recorder.store, sessionId!), { retentionUntilMs: dueAtMs, state: 'closed' })
  rmSync(join(scene.vaultDirectory, `${plain}.rec`))
  await scene.pass(recorder, 2 * DAY_MS + HOUR_MS, HOUR_MS)
  const proofs = await listDeletionProofs(recorder.store)
  t.same(proofs.map(({ sessionId }) => sessionId).sort(), [lost, late, early, plain].sort())
  t.ok(proofs.every(({ entries, headHash }) => entries === 3 && headHash?.length === 43))
  t.same(readdirSync(scene.vaultDirectory), [])
  await recorder.close()
})

t.test('[R6] a session that still runs when its recording falls due does not bring it back', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const recorder = await scene.start()
  const { writer, sessionId } = await makeNumbered(1, 1)
  const { header, wraps } = openingOf(writer)
  const recording = await recorder.vault.open(sessionId, header, wraps)
  const index = storeIndex(recorder.store)
  await index.opened(factsOf(recording))
  await scene.pass(recorder, DAY_MS + HOUR_MS, 30 * MINUTE_MS)
  t.equal((await listDeletionProofs(recorder.store)).length, 1)
  const { seq, bytes } = chat(writer)
  t.equal(await recording.append(seq, bytes), 1, 'the session goes on')
  await index.closed({ ...factsOf(recording), closed: 'closed', endedAtMs: 0 })
  await recorder.retention.look()
  t.equal(await getRecording(recorder.store, sessionId), null)
  t.equal((await listDeletionProofs(recorder.store)).length, 1)
  t.same(readdirSync(scene.vaultDirectory), [])
  await recorder.close()
})

t.test(
  '[R6] a disk that cannot be written is told of, and the deletion done as soon as it can',
  async (t) => {
    const scene = new RetentionScene(t.testdir())
    let isReadOnly = false
    const refuse = async () => {
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
    }
    const disk = {
      ...nodeDisk,
      open: async (path: string) => {
        const file = await nodeDisk.open(path)
        return file && isReadOnly ? { ...file, write: refuse } : file
      },
      remove: (path: string) => (isReadOnly ? refuse() : nodeDisk.remove(path)),
    }
    const recorder = await scene.start({ disk })
    const made = await makeNumbered(1, 1)
    await record(recorder, made)
    isReadOnly = true
    await scene.pass(recorder, DAY_MS + 40 * MINUTE_MS)
    t.ok(scene.said.some((sentence) => /^error: .*could not be deleted.*EROFS/.test(sentence)))
    t.ok(existsSync(join(scene.vaultDirectory, `${made.sessionId}.rec`)))
    t.match(await listDeletionProofs(recorder.store), [{ state: 'deleting' }], 'decided, not done')
    isReadOnly = false
    await recorder.retention.look()
    t.match(await listDeletionProofs(recorder.store), [{ state: 'done' }])
    t.match(await scene.open(scene.data, made), /no recording of session/)
    await recorder.close()
  },
)

t.test('[R6] each proof is told until somebody has taken it, also after a restart', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const told: KeptProof[] = []
  const refusing = await scene.start({ deleted: async () => Promise.reject(new Error('out of reach')) })
  const made = await makeNumbered(1, 1)
  await record(refusing, made)
  await scene.pass(refusing, DAY_MS + HOUR_MS, HOUR_MS)
  t.match(await listDeletionProofs(refusing.store), [{ state: 'done', isReported: false }])
  await refusing.close()
  const taking = await scene.start({ deleted: async (proof) => void told.push(proof) })
  await taking.retention.look()
  await taking.retention.look()
  t.match(told, [{ sessionId: made.sessionId, headHash: made.writer.head }])
  t.match(await listDeletionProofs(taking.store), [{ isReported: true }])
  await taking.close()
})

t.test('[R6] the timer looks at its start and every five minutes, whatever sessions do', async (t) => {
  const scene = new RetentionScene(t.testdir())
  const recorder = await scene.start()
  recorder.retention.start()
  for (let n = 0; n < 3; n++) {
    while (recorder.timer.nextMs === Number.POSITIVE_INFINITY) await new Promise(setImmediate)
    t.equal(recorder.timer.nextMs, 5 * MINUTE_MS)
    recorder.timer.turn(5 * MINUTE_MS)
  }
  await recorder.close()
  t.equal(recorder.timer.nextMs, Number.POSITIVE_INFINITY, 'nothing runs on')
})
