import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { type Config, ConfigProblem, readConfig } from './config.ts'

/** The process of the service: settings in, one listening server, an orderly end. */
const config = settings()
const app = await buildApp(config)
closeWithGrace({ delay: 5_000, logger: false }, async ({ err }) => {
  if (err) app.log.fatal({ err }, 'a fault stopped the service')
  await app.close()
})
if (isPlainForOthers(config.origin))
  app.log.warn('browsers keep the log-in cookie only over https: LOTSE_ORIGIN should begin with https://')
await app.listen({ host: config.host, port: config.port })

/** On this machine itself browsers take plain http for safe. */
function isPlainForOthers(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

function settings(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(78) // EX_CONFIG of sysexits.h
  }
}
