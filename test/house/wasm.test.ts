import { spawnSync } from 'node:child_process'
import t from 'tap'
import { ROOT } from './tree.ts'

t.test('the pixel kernels in the tree are, byte for byte, what their sources make', async (t) => {
  const { status, stderr } = spawnSync(process.execPath, ['deploy/build-wasm.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  t.equal(status, 0, stderr)
})
