import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import t from 'tap'
import { build } from 'vite'
import { listDeletionProofs } from '../../store/deletion-proofs.ts'
import { openingOf, seededNumbers } from '../fixtures/recording.ts'
import { RetentionProcess } from './retention-process.ts'
import { DAY_MS, HOUR_MS, makeNumbered, type Numbered, record } from './retention-scene.ts'

const KILLS = 40
const AT_ONCE = 3
const STARTED_AT_MS = Date.UTC(2026, 2, 1, 10, 15)
const NOW_MS = STARTED_AT_MS + 2 * DAY_MS + HOUR_MS
const HELD_UNTIL_MS = NOW_MS + 2 * DAY_MS

/** A bundle starts in a tenth of the time that sources through tsx take. */
async function bundleChild(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(new URL('./retention-child.ts', import.meta.url)),
      outDir,
    },
    ssr: { noExternal: true, external: ['knex', 'sqlite3'] },
  })
  return join(outDir, 'retention-child.js')
}

/** Kills it so many lines after it is ready; returns what it had promised. */
function runAndKill(child: string, specFile: string, lines: number, thenMs: number): Promise<Set<string>> {
  const said = new Set<string>()
  const env = { ...process.env, NODE_OPTIONS: '' }
  const recorder = spawn(process.execPath, [child, specFile], { stdio: ['ignore', 'pipe', 'inherit'], env })
  createInterface({ input: recorder.stdout! }).on('line', (line) => {
    said.add(line)
    if (said.size === lines + 1) setTimeout(() => recorder.kill('SIGKILL'), thenMs)
  })
  return new Promise((resolve, reject) => {
    recorder.once('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve(said) : reject(new Error(`the recorder ended by itself: ${code}`)),
    )
  })
}

t.test(
  `[R6] a SIGKILL at ${KILLS} seeded moments of deleting, holding and recording leaves it right`,
  async (t) => {
    const root = t.testdir()
    const child = await bundleChild(join(root, 'bundle'))
    const due = await Promise.all([0, 1, 2, 3, 4].map((n) => makeNumbered(n, 2)))
    const living = await Promise.all([5, 6].map((n) => makeNumbered(n, 40)))
    const fresh = await Promise.all([7, 8, 9].map((n) => makeNumbered(n, 3)))
    const prepared = join(root, 'prepared')
    mkdirSync(prepared)
    const first = await RetentionProcess.open(prepared, () => STARTED_AT_MS)
    for (const made of [...due, ...living]) await record(first, made)
    await first.close()
    const wrong: unknown[] = []
    let promises = 0

    const opens = async ({ vault }: RetentionProcess, { sessionId, writer }: Numbered) => {
      const wraps = await vault.wraps.open(sessionId).catch(() => undefined)
      return wraps !== undefined && Buffer.from(wraps).equals(openingOf(writer).wraps)
    }

    async function oneKill(n: number): Promise<void> {
      const number = seededNumbers(n)
      const folder = join(root, `run-${n}`)
      cpSync(prepared, folder, { recursive: true })
      const holds = living.map(({ sessionId }) => ({ sessionId, untilMs: HELD_UNTIL_MS }))
      const spec = {
        folder,
        nowMs: NOW_MS,
        holds,
        opens: fresh.map(({ sessionId, writer }) => ({ sessionId, ...openingOf(writer) })),
      }
      writeFileSync(join(folder, 'spec'), serialize(spec))
      const said = await runAndKill(child, join(folder, 'spec'), number(7), number(40))
      promises += said.size
      const next = await RetentionProcess.open(folder, () => NOW_MS)
      await next.retention.look()
      const proofs = await listDeletionProofs(next.store)
      const done = proofs.filter(({ state }) => state === 'done').map(({ sessionId }) => sessionId)
      if (done.sort().join() !== due.map(({ sessionId }) => sessionId).join()) wrong.push({ n, done })
      for (const made of living) if (!(await opens(next, made))) wrong.push({ n, made: made.sessionId })
      for (const made of fresh) {
        if (said.has(`opened ${made.sessionId}`) && !(await opens(next, made)))
          wrong.push({ n, said: [...said] })
      }
      await next.close()
      const later = await RetentionProcess.open(folder, () => NOW_MS + 40 * DAY_MS)
      await later.retention.look()
      const left = [readdirSync(join(folder, 'vault')), readdirSync(join(folder, 'vault-keys'))].flat()
      if (left.length > 0 || later.failures.length > 0) wrong.push({ n, left, failures: later.failures })
      await later.close()
      rmSync(folder, { recursive: true })
    }

    const runs = Array.from({ length: KILLS }, (_, n) => n)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let n = runs.shift(); n !== undefined; n = runs.shift()) await oneKill(n)
      }),
    )
    t.same(wrong, [])
    t.ok(promises > KILLS * 2, `${promises} lines were said before the kills`)
  },
)
