import { spawn } from 'node:child_process'
import { buildPages } from './pages.mjs'
import { ensure, ROOT } from './setup.mjs'

/** Signaling and recorder on one machine; either is started again when it ends unasked, so that a session goes on. */

const LEAST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** Exit code (EX_CONFIG of sysexits.h) for a setting that only the operator can mend. */
const SETTINGS_WRONG = 78

ensure()
for (const { name, log, isBuilt } of await buildPages()) {
  if (isBuilt) continue
  console.error(`${name} failed:\n${log}`)
  process.exit(1)
}

let isStopping = false
const running = new Set()
for (const file of ['signaling/main.ts', 'recorder/main.ts']) keepRunning(file, LEAST_PAUSE_MS)
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    isStopping = true
    for (const child of running) child.kill('SIGTERM')
  })
}

function keepRunning(file, pauseMs) {
  const child = spawn(process.execPath, ['--import', 'tsx', file], { cwd: ROOT, stdio: 'inherit' })
  const startedAtMs = Date.now()
  running.add(child)
  child.on('exit', (code) => {
    running.delete(child)
    if (isStopping) return
    if (code === SETTINGS_WRONG)
      console.error(`${file} waits for the setting named above; trying again in 30 s.`)
    const wasShort = Date.now() - startedAtMs < LONGEST_PAUSE_MS
    const nextPauseMs = wasShort ? Math.min(LONGEST_PAUSE_MS, pauseMs * 2) : LEAST_PAUSE_MS
    const waitMs = code === SETTINGS_WRONG ? LONGEST_PAUSE_MS : pauseMs
    setTimeout(() => isStopping || keepRunning(file, nextPauseMs), waitMs)
  })
}
