import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { buildPages } from './pages.mjs'
import { ensure, PLAIN, ROOT } from './setup.mjs'
import { FOR_TESTS } from './system-packages.mjs'

/**
 * `npm test`: types, lint, pages, then every test. `npm test -- FILE…` runs just those test files. Each check counts
 * as one test; the tests' own figures are tap's count of assertions. The last line is "N passed, N failed".
 */

const CHECKS = [
  { name: 'types (tsc)', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  {
    name: 'types of the pages (svelte-check)',
    args: ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.json', '--output', 'human'],
  },
  {
    name: 'lint and format (biome)',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off'],
  },
]

const TAP = 'node_modules/tap/dist/esm/run.mjs'

const files = process.argv.slice(2)
ensure({ system: FOR_TESTS })
process.chdir(ROOT)

const counts = { passed: 0, failed: 0, skipped: 0 }
if (files.length === 0) CHECKS.forEach(runCheck)
for (const { name, isBuilt, log } of await buildPages()) countCheck(name, isBuilt, log)
buildTap()
const testsRan = await runTests(files)

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
if (!testsRan) console.log('\nNo test ran.')
console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`)
process.exitCode = counts.failed > 0 || !testsRan ? 1 : 0

function runCheck({ name, args }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: PLAIN, encoding: 'utf8' })
  countCheck(name, status === 0, `${stdout}${stderr}`)
}

function countCheck(name, isFine, log) {
  counts[isFine ? 'passed' : 'failed'] += 1
  console.log(`${isFine ? 'ok    ' : 'FAILED'} ${name}`)
  if (!isFine) console.log(log.trimEnd().replace(/^/gm, '    '))
}

/**
 * Tap comes built with a TypeScript compiler, which .taprc leaves out. A run builds it anew where that is wanted, but
 * goes on as it was, and would load the compiler into each test file's process: a second for each.
 */
function buildTap() {
  const built = readFileSync('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8')
  if (!built.includes('@tapjs/typescript')) return
  const { status, stdout, stderr } = spawnSync(process.execPath, [TAP, 'build'], {
    env: PLAIN,
    encoding: 'utf8',
  })
  if (status !== 0) countCheck('tap builds itself', false, `${stdout}${stderr}`)
}

/** Runs tap and prints one line a file, below it what went wrong in it. Returns whether any assertion ran. */
async function runTests(testFiles) {
  const tap = spawn(process.execPath, [TAP, '--reporter=tap', ...testFiles], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: PLAIN,
  })
  const ended = new Promise((resolve) => {
    tap.on('close', resolve)
  })
  let ran = 0
  let failed = 0
  let remarks = []
  for await (const line of createInterface({ input: tap.stdout })) {
    const file = /^(not )?ok \d+ - (.*)$/.exec(line)
    const summary = /^# \{ total: \d+(.*) \}$/.exec(line)
    if (file) {
      console.log(`${file[1] ? 'FAILED' : 'ok    '} ${file[2]}`)
      // What a test says with t.comment, a measured figure say, is shown even where all is well.
      const shown = file[1] ? remarks : remarks.filter((remark) => /^\s+# /.test(remark))
      if (shown.length > 0) console.log(shown.join('\n'))
      remarks = []
    } else if (summary) {
      ;({ ran, failed } = addSummary(summary[1]))
    } else if (/^ {2}(exitCode|signal|expired): (?!null|0$)/.test(line)) {
      // Of the file itself: these lines come after its result and tell of crashes and time-outs.
      console.log(`    ${line.trim()}`)
    } else if (!/^( {2}\S| {4}- |\s*(ok \d|# Subtest|\d+\.\.\d+|# time=|TAP version|$))/.test(line)) {
      remarks.push(line)
    }
  }
  const exitCode = await ended
  if (exitCode !== 0 && failed === 0) countCheck('tap itself', false, `ended with ${exitCode}`)
  return ran > 0
}

/** Adds up ", pass: 6, fail: 6, todo: 1, skip: 3"; what is to do counts as skipped. */
function addSummary(text) {
  const figure = (name) => Number(new RegExp(`, ${name}: (\\d+)`).exec(text)?.[1] ?? 0)
  const failed = figure('fail')
  counts.passed += figure('pass')
  counts.failed += failed
  counts.skipped += figure('skip') + figure('todo')
  return { ran: figure('pass') + failed, failed }
}
