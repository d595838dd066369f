import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { BelievedClock } from '../../recorder/believed-clock.ts'
import { encodeConfirmation } from '../../recorder/clock-note.ts'
import { nodeDisk } from '../../recorder/disk.ts'
import { readMachineClock } from '../../recorder/machine-clock.ts'
import { DAY_MS, HOUR_MS, MachineClock, MINUTE_MS } from './retention-scene.ts'

function clockIn(folder: string) {
  const machine = new MachineClock()
  const said: string[] = []
  const [noteFile, confirmFile] = [join(folder, 'clock.json'), join(folder, 'confirmed.json')]
  const open = (knownPastMs: number | null = null, disk = nodeDisk) =>
    BelievedClock.open(
      { noteFile, confirmFile, read: machine.read, tell: (sentence) => void said.push(sentence), disk },
      async () => knownPastMs,
    )
  return { machine, said, noteFile, confirmFile, open }
}

t.test('[R6] a restart takes up what was believed, whatever the wall clock says by then', async (t) => {
  const { machine, open, said } = clockIn(t.testdir())
  await (await open()).look()
  machine.trueMs += 3 * DAY_MS
  machine.wallErrorMs = 365 * DAY_MS
  const next = await open()
  t.equal(next.now(), machine.trueMs, 'the downtime is measured')
  t.equal(await next.look(), machine.trueMs)
  t.match(said, [/^The clock of this machine says 2027-03-04 10:15 UTC, 8760\.0 hours ahead of/])
})

t.test('[R6] in doubt it says so once an hour, and not when there is none', async (t) => {
  const { machine, open, said } = clockIn(t.testdir())
  const clock = await open()
  for (const errorMs of [0, HOUR_MS, 0, -HOUR_MS]) {
    machine.wallErrorMs = errorMs
    for (let n = 0; n < 36; n++) {
      machine.trueMs += 5 * MINUTE_MS
      await clock.look()
    }
  }
  t.equal(said.filter((sentence) => /1\.0 hours ahead/.test(sentence)).length, 3)
  t.equal(said.filter((sentence) => /1\.0 hours behind/.test(sentence)).length, 3)
  t.equal(said.length, 6)
})

t.test('[R6] the operator confirms a clock; what was confirmed before a boot does not count', async (t) => {
  const { machine, open, said, confirmFile } = clockIn(t.testdir())
  const clock = await open()
  await clock.look()
  machine.trueMs += 40 * DAY_MS
  machine.bootedAtMs = machine.trueMs
  writeFileSync(confirmFile, encodeConfirmation({ ...machine.read(), bootId: 'the boot before' }))
  t.equal(await clock.look(), machine.trueMs - 40 * DAY_MS)
  t.match(said[0], /confirmed before the machine started anew/)
  t.notOk(existsSync(confirmFile))
  writeFileSync(confirmFile, encodeConfirmation(machine.read()))
  machine.trueMs += MINUTE_MS
  machine.wallErrorMs = DAY_MS
  t.equal(await clock.look(), machine.trueMs, 'the clock as it was when it was confirmed')
  t.notOk(existsSync(confirmFile))
  writeFileSync(confirmFile, 'nonsense')
  t.equal(await clock.look(), machine.trueMs)
})

t.test('[R6] a lost or damaged note makes it careful, not credulous', async (t) => {
  const { machine, open, noteFile } = clockIn(t.testdir())
  const knownPastMs = machine.trueMs - 100 * DAY_MS
  await (await open()).look()
  writeFileSync(noteFile, readFileSync(noteFile).subarray(0, 40))
  t.equal(await (await open(knownPastMs)).look(), knownPastMs)
})

t.test('[R6] a note that cannot be written is told, and costs nothing now', async (t) => {
  const { machine, open, said } = clockIn(t.testdir())
  const refusing = { ...nodeDisk, create: () => Promise.reject(new Error('EROFS')) }
  const clock = await open(null, refusing)
  machine.trueMs += DAY_MS
  t.equal(await clock.look(), machine.trueMs)
  t.match(said, [/cannot be written: EROFS/])
})

t.test('[R6] the steady clock of this machine runs, and the operator has a command', async (t) => {
  const before = readMachineClock()
  while (readMachineClock().steadyMs === before.steadyMs) await new Promise(setImmediate)
  const after = readMachineClock()
  t.ok(after.steadyMs > before.steadyMs)
  t.equal(after.bootId, before.bootId)

  const data = t.testdir()
  mkdirSync(join(data, 'recorder'))
  const run = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const script = fileURLToPath(new URL('../../recorder/retention-command.ts', import.meta.url))
      const env = { ...process.env, NODE_OPTIONS: '', LOTSE_DATA: data }
      execFile(process.execPath, ['--import=tsx', script, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      )
    })
  const confirmFile = join(data, 'recorder', 'clock-confirmed.json')
  const [usage, shown] = await Promise.all([run(), run('confirm-clock')])
  t.match(usage, { code: 2, said: /^Usage: npm run retention/ })
  t.match(shown, { code: 0, said: /Nothing was changed/ })
  t.notOk(existsSync(confirmFile))
  const options = { noteFile: join(data, 'recorder', 'clock.json'), confirmFile, read: readMachineClock }
  const said: string[] = []
  const clock = await BelievedClock.open(
    { ...options, tell: (sentence) => void said.push(sentence) },
    async () => 1,
  )
  await clock.look()
  t.match(await run('confirm-clock', '--yes'), { code: 0, said: /believes it is 1970-01-01[\s\S]*next look/ })
  t.ok(Math.abs((await clock.look()) - Date.now()) < MINUTE_MS)
  t.match(said.at(-1), /^The operator confirmed the clock/)
})
