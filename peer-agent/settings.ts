import { parseArgs } from 'node:util'

/** Name and version that every recording's header carries. */
export const AGENT_BUILD = 'lotse-agent 0.1.0'

export interface AgentSettings {
  readonly origin: string
  readonly operatorKey: string
  readonly policySinceMs?: number
  readonly number?: string
}

export const USAGE = `Usage: npm run agent -- --service URL --operator-key KEY [--policy-since TIME] [NUMBER]

  --service URL       where the service is, e.g. https://support.example (or LOTSE_SERVICE)
  --operator-key KEY  the operator's public key, as make-recording-keys printed it (or LOTSE_OPERATOR_KEY)
  --policy-since TIME refuses policies that the operator signed earlier (or LOTSE_POLICY_SINCE)
  NUMBER              the session number; without it the window asks for it`

/** Throws an Error whose message is the sentence for whoever started the client. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): AgentSettings {
  const { values, positionals } = parseArgs({
    args: withValueOf('--operator-key', args),
    options: {
      service: { type: 'string' },
      'operator-key': { type: 'string' },
      'policy-since': { type: 'string' },
    },
    allowPositionals: true,
  })
  const service = values.service ?? env.LOTSE_SERVICE
  const operatorKey = values['operator-key'] ?? env.LOTSE_OPERATOR_KEY
  if (!service) throw new Error(`The address of the service is missing.\n\n${USAGE}`)
  if (!operatorKey || !/^[A-Za-z0-9_-]{43}$/.test(operatorKey)) {
    throw new Error(`The operator's public key is missing or not a key.\n\n${USAGE}`)
  }
  const since = values['policy-since'] ?? (env.LOTSE_POLICY_SINCE || undefined)
  const number = positionals.join(' ')
  return {
    origin: originOf(service),
    operatorKey,
    ...(since === undefined ? {} : { policySinceMs: timeOf(since) }),
    ...(number === '' ? {} : { number }),
  }
}

/** A key may begin with a dash, which would be taken for another option: it is bound to its own. */
function withValueOf(option: string, args: readonly string[]): string[] {
  const at = args.indexOf(option)
  const value = args[at + 1]
  if (at < 0 || value === undefined) return [...args]
  return [...args.slice(0, at), `${option}=${value}`, ...args.slice(at + 2)]
}

function timeOf(text: string): number {
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs))
    throw new Error(`"${text}" is not a time like 2026-03-01T10:15:00.000Z.\n\n${USAGE}`)
  return atMs
}

function originOf(service: string): string {
  let url: URL
  try {
    url = new URL(service)
  } catch {
    throw new Error(`"${service}" is not an address. It should look like https://support.example`)
  }
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new Error(`The service must be reached over https; "${service}" is not.`)
  }
  return url.origin
}
