import { spawnSync } from 'node:child_process'
import { ensure, ROOT } from './setup.mjs'

// Runs one of our TypeScript programs, its name first; installs the npm packages where they are missing.
const [file, ...args] = process.argv.slice(2)
ensure()
const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exit(status ?? 1)
