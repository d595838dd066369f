import { spawnSync } from 'node:child_process'
import { buildPages } from './pages.mjs'
import { ensure, ROOT } from './setup.mjs'

// Makes dist/: the pages by Vite, the programs by tsc, for production without tsx.
ensure()
const failed = (await buildPages()).filter(({ isBuilt }) => !isBuilt)
for (const { name, log } of failed) console.error(`${name} failed:\n${log}`)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
)
process.exit(failed.length > 0 ? 1 : (status ?? 1))
