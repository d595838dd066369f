import { existsSync } from 'node:fs'
import { StorageFailure, type Store } from '../../store/store.ts'
import { AuditLog } from '../audit/audit-log.ts'
import type { Config } from '../config.ts'
import { dataFolder } from '../data-folder.ts'
import { makeSeed, signDocument, signingKey } from '../keys/ed25519.ts'
import { readOrMakeSecret } from '../keys/secret-file.ts'
import { OperatorProblem } from './problem.ts'
import { withStore } from './with-store.ts'

/** What a line of the audit log may hold of one argument. */
const LONGEST_GIVEN = 120

/** The log as the operator's commands write it: with the same key and into the same database as the service. */
export function auditLogOf(config: Config, store: Store): AuditLog {
  const key = signingKey(readOrMakeSecret(dataFolder(config.dataFolder).cardKey, makeSeed))
  const sign = (context: string, document: string) => signDocument(key, context, document)
  return new AuditLog({ store, nowMs: Date.now, sign })
}

/**
 * Tells the audit log of a command before it acts [R7]; without its line no command does anything.
 * @param given harmless arguments only; those not given are left out
 */
export async function noteCommand(
  config: Config,
  command: string,
  given: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const present = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [...value].slice(0, LONGEST_GIVEN).join('')]],
  )
  try {
    await withStore(config, (store) =>
      auditLogOf(config, store).append({ t: 'operator', command, given: Object.fromEntries(present) }),
    )
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error
    throw new OperatorProblem(
      `The audit log cannot be written (${error.code}), so nothing was done. Is the disk full? Then run it again.`,
    )
  }
}

/**
 * The same for what is done to the policy. That belongs on another machine than the server, where there is no log to
 * write: the service itself tells its log when it begins to follow a new policy.
 */
export async function notePolicyCommand(config: Config, command: string): Promise<void> {
  if (existsSync(dataFolder(config.dataFolder).database)) await noteCommand(config, command)
}
