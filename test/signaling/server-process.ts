import { buildApp } from '../../signaling/app.ts'
import { readConfig } from '../../signaling/config.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'

/** A real server process that a test may kill. Its clients all come from one address, so it slows nobody. */
const open = { burst: 1e9, perSecond: 1e9 }
const config = readConfig(process.env)
const app = await buildApp(config, {
  limits: { ...LIMITS, missesPerBlock: open, missesInAll: open, messages: open, bytes: open },
  graceMs: 30 * 60 * 1000,
})
await app.listen({ host: config.host, port: config.port })
process.on('disconnect', () => process.exit())
process.send!('listening')
