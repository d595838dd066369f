import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listDeletionProofs } from '../../store/deletion-proofs.ts'
import { seededNumbers } from '../fixtures/recording.ts'
import { CrashPoint } from './crashing-disk.ts'
import {
  DAY_MS,
  HOUR_MS,
  makeNumbered,
  type Numbered,
  type RecorderProcess,
  RetentionScene,
  record,
} from './retention-scene.ts'

/** Due after two days: the first is held where a test says so, the second never; the third lives on. */
interface Prepared {
  readonly folder: string
  readonly startedAtMs: number
  readonly recordings: readonly [Numbered, Numbered, Numbered]
}

async function prepare(folder: string): Promise<Prepared> {
  const scene = new RetentionScene(folder)
  const recorder = await scene.start()
  const recordings = [await makeNumbered(1, 2), await makeNumbered(2, 2), await makeNumbered(3, 9)] as const
  for (const made of recordings) await record(recorder, made)
  await recorder.retention.look()
  await recorder.close()
  return { folder, startedAtMs: scene.machine.trueMs, recordings }
}

/** Runs `act` in a process that dies at its n-th call, for every n (or about every `step`th) until one lives to the end. */
async function crashEverywhere(
  t: Test,
  prepared: Prepared,
  hoursLater: number,
  act: (recorder: RecorderProcess) => Promise<unknown>,
  check: (scene: RetentionScene, hasEnded: boolean, at: number) => Promise<void>,
  step = 1,
): Promise<void> {
  const number = seededNumbers(6)
  let runs = 0
  for (let n = 1, hasEnded = false; !hasEnded; n += 1 + number(step)) {
    const folder = join(t.testdirName, `run-${n}`)
    cpSync(prepared.folder, folder, { recursive: true })
    const scene = new RetentionScene(folder)
    scene.machine.trueMs = prepared.startedAtMs + hoursLater * HOUR_MS
    const point = new CrashPoint()
    const doomed = await scene.start({ disk: point.disk, store: (store) => point.store(store) })
    point.at = point.calls + n
    await act(doomed).catch(() => {})
    hasEnded = !point.isReached
    await doomed.close()
    await check(scene, hasEnded, n)
    rmSync(folder, { recursive: true })
    runs++
  }
  t.ok(runs > 4, `${runs} places to die`)
}

t.test('[R6] a deletion that a crash cut short is finished by the next process', async (t) => {
  const prepared = await prepare(join(t.testdir(), 'prepared'))
  const [one, two, alive] = prepared.recordings
  const wrong: unknown[] = []
  await crashEverywhere(
    t,
    prepared,
    49,
    ({ retention }) => retention.look(),
    async (scene, _, at) => {
      const copy = scene.backUp()
      const next = await scene.start()
      await next.retention.look()
      const proofs = await listDeletionProofs(next.store)
      const ids = proofs.map(({ sessionId, state, entries }) => `${sessionId} ${state} ${entries}`).sort()
      const isRight =
        ids.join() === [one, two].map(({ sessionId }) => `${sessionId} done 3`).join() &&
        (await scene.open(scene.data, alive)) === null &&
        (await scene.open(copy, one)) !== null &&
        (await scene.open(prepared.folder, two)) !== null &&
        readdirSync(scene.keysDirectory).length === 1 &&
        readdirSync(scene.vaultDirectory).length === 2
      if (!isRight) wrong.push({ at, ids, files: readdirSync(scene.vaultDirectory) })
      await next.close()
    },
  )
  t.same(wrong, [])
})

t.test('[R6] a hold cut short leaves it held or not; given, it holds; and it ends', async (t) => {
  const prepared = await prepare(join(t.testdir(), 'prepared'))
  const [held] = prepared.recordings
  const untilMs = prepared.startedAtMs + 4 * DAY_MS
  const wrong: unknown[] = []
  const steps: [string, number, (recorder: RecorderProcess) => Promise<unknown>][] = [
    ['hold', 1, ({ retention }) => retention.hold(held.sessionId, untilMs)],
    [
      'hold, extend',
      1,
      async ({ retention }) => {
        await retention.hold(held.sessionId, untilMs - DAY_MS)
        await retention.hold(held.sessionId, untilMs)
      },
    ],
    [
      'hold, release, hold',
      1,
      async ({ retention }) => {
        await retention.hold(held.sessionId, untilMs - DAY_MS)
        await retention.release(held.sessionId)
        await retention.hold(held.sessionId, untilMs)
      },
    ],
  ]
  for (const [name, hours, act] of steps) {
    await crashEverywhere(
      t,
      prepared,
      hours,
      act,
      async (scene, hasEnded, at) => {
        if ((await scene.open(scene.data, held)) !== null) wrong.push({ name, at, what: 'does not open' })
        const next = await scene.start()
        await next.retention.look()
        if ((await scene.open(scene.data, held)) !== null) wrong.push({ name, at, what: 'no longer opens' })
        await scene.pass(next, 2 * DAY_MS, 16 * HOUR_MS)
        if (hasEnded && (await scene.open(scene.data, held)) !== null)
          wrong.push({ name, at, what: 'was not held' })
        await scene.pass(next, 2 * DAY_MS, 24 * HOUR_MS)
        const mine = await listDeletionProofs(next.store, { sessionId: held.sessionId })
        if (mine.length !== 1 || mine[0]!.state !== 'done' || readdirSync(scene.keysDirectory).length !== 1)
          wrong.push({ name, at, mine, keys: readdirSync(scene.keysDirectory) })
        await next.close()
      },
      2,
    )
  }
  t.same(wrong, [])
})

t.test('[R6] a crash while a recording is made leaves nothing that never falls due', async (t) => {
  const prepared = await prepare(join(t.testdir(), 'prepared'))
  const made = await makeNumbered(7, 1)
  const wrong: unknown[] = []
  await crashEverywhere(
    t,
    prepared,
    1,
    (recorder) => record(recorder, made),
    async (scene, hasEnded, at) => {
      const next = await scene.start()
      if (hasEnded && (await scene.open(scene.data, made)) !== null) wrong.push({ at, what: 'does not open' })
      await scene.pass(next, 2.5 * DAY_MS, 12 * HOUR_MS)
      const names = readdirSync(scene.vaultDirectory).filter((name) => name.startsWith(made.sessionId))
      if (names.length > 0) wrong.push({ at, names })
      if (readdirSync(scene.keysDirectory).length !== 1)
        wrong.push({ at, keys: readdirSync(scene.keysDirectory) })
      await next.close()
    },
  )
  t.same(wrong, [])
})
