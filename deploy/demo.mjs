import { spawnSync } from 'node:child_process'
import { buildPages } from './pages.mjs'
import { ensure, ROOT } from './setup.mjs'
import { FOR_DEMO } from './system-packages.mjs'

// The whole of Lotse on one machine; `--check` plays a session by itself and counts what holds.
const args = process.argv.slice(2)
ensure({ system: FOR_DEMO })
for (const { name, log, isBuilt } of await buildPages()) {
  if (isBuilt) continue
  console.error(`${name} failed:\n${log}`)
  process.exit(1)
}
const program = args.includes('--check') ? 'deploy/demo/check.ts' : 'deploy/demo/play.ts'
const { status } = spawnSync(process.execPath, ['--import', 'tsx', program, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exit(status ?? 1)
