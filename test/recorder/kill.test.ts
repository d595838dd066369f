import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import t from 'tap'
import { build } from 'vite'
import { verifyChain } from '../../peer/recording/chain.ts'
import { openForReading } from '../../recorder/disk.ts'
import { scanFrames } from '../../recorder/disk-frames.ts'
import { nodeHash } from '../../recorder/node-hash.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import { makeRecording, openingOf, seededBytes, seededNumbers } from '../fixtures/recording.ts'
import type { SessionToRecord } from './kill-child.ts'
import { vaultAt } from './vault-at.ts'

const KILLS = 200
/** Kills in one vault, one process after the other taking it up. */
const KILLS_A_VAULT = 5
const SESSIONS = 3
const AT_ONCE = 4

/** A bundle starts in a tenth of the time that sources through tsx take. */
async function bundleChild(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: { minify: true, ssr: fileURLToPath(new URL('./kill-child.ts', import.meta.url)), outDir },
    ssr: { noExternal: true },
  })
  return join(outDir, 'kill-child.js')
}

async function makeSessions(): Promise<SessionToRecord[]> {
  const sizes = [10, 200, 1_000, 3_000, 4_096, 9_000, 16_000]
  return Promise.all(
    Array.from({ length: SESSIONS }, async (_, n) => {
      const sessionId = `kill-${n}`.padEnd(22, 'x')
      // What is sealed does not matter here, and the quickest way to seal is not at all.
      const cipher = {
        seal: (_key: Uint8Array, _nonce: Uint8Array, _associated: Uint8Array, plain: Uint8Array) => plain,
        open: (_key: Uint8Array, _nonce: Uint8Array, _associated: Uint8Array, box: Uint8Array) => box,
      }
      const { writer } = await makeRecording({ sessionId, cipher, hash: nodeHash })
      const entries = Array.from({ length: 250 }, (_, at) => {
        const bytes = seededBytes(`${n}/${at}`, sizes[(at * 3 + n) % sizes.length]!)
        const place = { x: 0, y: 0, width: 1, height: 1, bytes: bytes.length }
        return writer.append('tiles', { t: 'stills', stills: [place] }, bytes).bytes
      })
      return { sessionId, ...openingOf(writer), entries }
    }),
  )
}

/** Runs the recorder until it printed this many acknowledgements, kills it, and returns the highest of each session. */
function runAndKill(
  child: string,
  directory: string,
  sessionsFile: string,
  acks: number,
  thenMs: number,
): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>()
  const recorder = spawn(process.execPath, [child, directory, sessionsFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without what the test runner wants loaded into every process: it costs more than the recorder itself.
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const kill = () => setTimeout(() => recorder.kill('SIGKILL'), thenMs)
  let printed = 0
  if (acks === 0) recorder.once('spawn', kill)
  createInterface({ input: recorder.stdout! }).on('line', (line) => {
    const [sessionId, seq] = line.split(' ')
    acknowledged.set(sessionId!, Number(seq))
    printed++
    if (printed === acks) kill()
  })
  return new Promise((resolve, reject) => {
    recorder.once('close', (code, signal) =>
      signal === 'SIGKILL'
        ? resolve(acknowledged)
        : reject(new Error(`the recorder ended by itself: ${code}`)),
    )
  })
}

async function stored(directory: string, sessionId: string): Promise<Buffer[]> {
  const file = await openForReading(recordingPaths(directory, sessionId).entries)
  const entries: Buffer[] = []
  if (!file) return entries
  for await (const scanned of scanFrames(file)) if (scanned.t === 'entry') entries.push(scanned.bytes)
  await file.close()
  return entries
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

t.test(`[R8] every acknowledged entry is readable after a SIGKILL at ${KILLS} seeded moments`, async (t) => {
  const root = t.testdir()
  const child = await bundleChild(join(root, 'bundle'))
  const sessions = await makeSessions()
  const digests = new Map(
    sessions.map(({ sessionId, header, entries }) => [sessionId, [header, ...entries].map(digest)]),
  )
  const sessionsFile = join(root, 'sessions')
  writeFileSync(sessionsFile, serialize(sessions))
  const lost: unknown[] = []
  let acknowledgedInAll = 0
  let goneOn = 0

  async function oneVault(n: number): Promise<void> {
    const number = seededNumbers(n)
    const directory = join(root, `vault-${n}`)
    const highest = new Map<string, number>()
    for (let kill = 0; kill < KILLS_A_VAULT; kill++) {
      // Some are killed while they start or take up their vault, most in the midst of their work.
      const acks = number(6) === 0 ? number(3) : SESSIONS + number(15)
      const acknowledged = await runAndKill(child, directory, sessionsFile, acks, number(4))
      for (const [sessionId, seq] of acknowledged) {
        if (seq < (highest.get(sessionId) ?? -1))
          lost.push({ n, kill, sessionId, seq, before: highest.get(sessionId) })
        if (seq > (highest.get(sessionId) ?? -1)) goneOn++
        highest.set(sessionId, seq)
        acknowledgedInAll++
      }
      for (const [sessionId, seq] of highest) {
        const entries = await stored(directory, sessionId)
        const isThere =
          entries.length > seq && entries.every((bytes, at) => digest(bytes) === digests.get(sessionId)![at])
        if (!isThere) lost.push({ n, kill, sessionId, acknowledged: seq, stored: entries.length })
      }
    }
    const vault = vaultAt(directory, { floorBytes: 0 })
    for (const { sessionId } of sessions) {
      await (await vault.resume(sessionId))?.abandon('service-stopped', Date.now())
      const entries = await stored(directory, sessionId)
      const report = verifyChain(entries)
      if (!report.ok || report.closed !== 'abandoned') lost.push({ n, sessionId, report })
    }
    await vault.close()
  }

  const vaults = Array.from({ length: KILLS / KILLS_A_VAULT }, (_, n) => n)
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = vaults.shift(); n !== undefined; n = vaults.shift()) await oneVault(n)
    }),
  )
  t.same(lost, [])
  t.ok(acknowledgedInAll > KILLS, `${acknowledgedInAll} last acknowledgements were looked up`)
  t.ok(goneOn > KILLS, `${goneOn} times a recording had gone on after a kill`)
})
