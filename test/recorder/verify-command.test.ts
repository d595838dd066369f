import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { diskFrame } from '../../recorder/disk-frames.ts'
import { makeReceipt } from '../fixtures/receipt.ts'

t.test('[R5] the command says in sentences what holds, and its exit code tells it to programs', async (t) => {
  const { text, entries, operatorKey, cardKey, policy } = await makeReceipt()
  const folder = t.testdir({
    'a.html': text,
    'changed.html': text.replace('<dd>Anna', '<dd>Emma'),
    'p.json': JSON.stringify(policy),
  })
  const file = (name: string) => join(folder, name)
  writeFileSync(file('whole.rec'), Buffer.concat(entries.map(diskFrame)))
  writeFileSync(file('cut.rec'), Buffer.concat(entries.slice(0, 5).map(diskFrame)))
  const run = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const script = fileURLToPath(new URL('../../recorder/verify.ts', import.meta.url))
      const env = { ...process.env, NODE_OPTIONS: '' }
      execFile(process.execPath, ['--import=tsx', script, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      )
    })
  const [good, changed, cut, keys, dash, shortKey, missing, nothing] = await Promise.all([
    run(file('a.html'), file('whole.rec'), '--operator-key', operatorKey, '--policy', file('p.json')),
    run(file('changed.html')),
    run(file('a.html'), file('cut.rec')),
    run('--card-key', cardKey, file('a.html')),
    run(file('a.html'), '--operator-key', `-${operatorKey.slice(1)}`),
    run(file('a.html'), '--card-key', 'short'),
    run(file('a.html'), file('none.rec')),
    run(),
  ])
  t.match(good, {
    code: 0,
    said: /Anna Beispiel[\s\S]*countersigned it at[\s\S]*chain is whole: 40 entries[\s\S]*checked holds\.\n$/,
  })
  t.match(changed, { code: 1, said: /WRONG \(receipt\.page\)[\s\S]*does NOT hold/ })
  t.match(cut, { code: 1, said: /WRONG \(recording\.end\): 35 of 40 entries are missing/ })
  t.match(keys, { code: 0 })
  t.match(dash, { code: 1, said: /WRONG \(receipt\.policy\)/ }, 'a key that begins with a dash is a key')
  t.match(shortKey, { code: 2, said: /Usage: npm run verify/ })
  t.match(missing, { code: 2, said: /^There is no recording/ })
  t.match(nothing, { code: 2, said: /Usage: npm run verify/ })
})
