import { buildApp } from '../../signaling/app.ts'
import { readConfig } from '../../signaling/config.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { openStore, type Store } from '../../store/store.ts'

/**
 * A real server process that a test may kill. Its clients all come from one address, so it slows nobody. Where the
 * test says so it kills itself at the worst moment: a burn is on the disk and nobody has been told.
 */
const open = { burst: 1e9, perSecond: 1e9 }
const config = readConfig(process.env)
let burnsLeft = Number(process.env.LOTSE_TEST_DIES_AT_BURN ?? Number.POSITIVE_INFINITY)
const inner = await openStore(dataFolder(config.dataFolder).database)
const store: Store = {
  ...inner,
  async transaction(work) {
    const result = await inner.transaction(work)
    const isBurn = typeof result === 'object' && result !== null && Object.keys(result).join() === 'sessionId'
    if (isBurn && --burnsLeft === 0) process.kill(process.pid, 'SIGKILL')
    return result
  },
}
const app = await buildApp(config, {
  store,
  limits: { ...LIMITS, missesPerBlock: open, missesInAll: open, messages: open, bytes: open },
  graceMs: 30 * 60 * 1000,
})
await app.listen({ host: config.host, port: config.port })
process.on('disconnect', () => process.exit())
process.send!('listening')
