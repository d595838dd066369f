import { resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { IceServer } from '../protocol/messages/signaling.ts'

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** Every setting of the service. A description completes the sentence "<variable> must be …". */
const Settings = Type.Object({
  LOTSE_DATA: Type.String({ minLength: 1, description: 'the path of the data folder' }),
  LOTSE_ORIGIN: Type.String({
    pattern: '^https?://[^/?#\\s]+$',
    maxLength: 255,
    description:
      'the public origin of the service, such as https://help.example.org, without a slash at its end',
  }),
  LOTSE_HOST: Type.String({ minLength: 1, description: 'the address to listen on' }),
  LOTSE_PORT: Type.Integer({ minimum: 0, maximum: 65_535, description: 'a whole number from 0 to 65535' }),
  LOTSE_RECORDER_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{32,200}$',
      description: 'at least 32 letters, digits, dashes or underscores, drawn at random',
    }),
  ),
  LOTSE_ICE_SERVERS: Type.Array(IceServer, {
    maxItems: 8,
    description: 'a JSON list of at most 8 servers, such as [{"urls":["turn:turn.example.org"]}]',
  }),
  LOTSE_LOG_LEVEL: Type.Enum(LOG_LEVELS, { description: `one of ${LOG_LEVELS.join(', ')}` }),
  LOTSE_TRUST_PROXY: Type.Array(Type.String({ pattern: '^[0-9a-fA-F.:]+(/[0-9]+)?$' }), {
    maxItems: 32,
    description: 'addresses or networks of the proxies in front, separated by commas, such as 127.0.0.1',
  }),
})
type Settings = Static<typeof Settings>

export interface Config {
  /** Absolute. */
  readonly dataFolder: string
  readonly origin: string
  readonly host: string
  readonly port: number
  /** Null: read from, or made in, the data folder. */
  readonly recorderToken: string | null
  readonly iceServers: IceServer[]
  readonly logLevel: (typeof LOG_LEVELS)[number]
  /** Empty: the socket's own address counts, and no header can say otherwise. */
  readonly trustProxy: string[]
}

/** The settings can't be used; `message` tells the operator each one to change. */
export class ConfigProblem extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.name = 'ConfigProblem'
  }
}

const SECRET = new Set(['LOTSE_RECORDER_TOKEN'])

/** Reads the settings from the environment. Throws `ConfigProblem`; a service with a doubtful setting never starts. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = (name: keyof Settings, otherwise: string) => env[name] || otherwise
  const raw = {
    LOTSE_DATA: given('LOTSE_DATA', './data'),
    LOTSE_ORIGIN: given('LOTSE_ORIGIN', 'http://127.0.0.1:8080'),
    LOTSE_HOST: given('LOTSE_HOST', '127.0.0.1'),
    LOTSE_PORT: numberOf(given('LOTSE_PORT', '8080')),
    LOTSE_ICE_SERVERS: jsonOf(given('LOTSE_ICE_SERVERS', '[]')),
    LOTSE_LOG_LEVEL: given('LOTSE_LOG_LEVEL', 'info'),
    LOTSE_TRUST_PROXY: given('LOTSE_TRUST_PROXY', '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
    ...(env.LOTSE_RECORDER_TOKEN ? { LOTSE_RECORDER_TOKEN: env.LOTSE_RECORDER_TOKEN } : {}),
  }
  if (!Value.Check(Settings, raw)) throw new ConfigProblem(sentencesFor(raw, env))
  return {
    dataFolder: resolve(raw.LOTSE_DATA),
    origin: new URL(raw.LOTSE_ORIGIN).origin,
    host: raw.LOTSE_HOST,
    port: raw.LOTSE_PORT,
    recorderToken: raw.LOTSE_RECORDER_TOKEN ?? null,
    iceServers: raw.LOTSE_ICE_SERVERS,
    logLevel: raw.LOTSE_LOG_LEVEL,
    trustProxy: raw.LOTSE_TRUST_PROXY,
  }
}

function sentencesFor(raw: Record<string, unknown>, env: Readonly<Record<string, string | undefined>>) {
  return Object.entries(Settings.properties)
    .filter(([name, schema]) => name in raw && !Value.Check(schema, raw[name]))
    .map(([name, schema]) => {
      const { description } = schema as { description?: string }
      const shown = SECRET.has(name) ? '' : `; it is ${JSON.stringify(env[name])}`
      return `${name} must be ${description}${shown}.`
    })
}

const numberOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : text)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
