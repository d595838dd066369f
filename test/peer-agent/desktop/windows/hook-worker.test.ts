import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'

t.test('in a checkout the hook thread runs from its source, up to where it needs Windows', async (t) => {
  const file = '../../../../peer-agent/desktop/windows/hook-worker-from-source.mjs'
  const [error] = await once(new Worker(new URL(file, import.meta.url)), 'error')
  t.match(error.message, /Failed to load shared library/)
})
