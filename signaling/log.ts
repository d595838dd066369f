import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/**
 * One line for each step in the life of a session, with its id. No number, token, key, relayed body or name is
 * ever given to it [S5]; what is redacted here is a second lock on that door.
 */
const NEVER_SHOWN = [
  'token',
  'password',
  'nameplate',
  'body',
  'cookie',
  'authorization',
  'sdp',
  'card',
  'key',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export function makeLog(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: NEVER_SHOWN, censor: '[kept out]' },
    // An error's own fields may hold what was being worked on; type, code and place are enough to find it.
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? { type: error.name, code: 'code' in error ? error.code : undefined, stack: error.stack }
          : { type: typeof error },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
