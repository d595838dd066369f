import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ServicePolicy } from '../../protocol/identity.ts'
import { dataFolder } from '../data-folder.ts'
import { keysOf, namesInBoth } from './key-groups.ts'

/** A key file is a few lines. */
const MOST_KEY_FILE_BYTES = 16 * 1024
const HOLDS_GROUP_KEY = /AGE-SECRET-KEY-1|-----BEGIN AGE ENCRYPTED FILE-----/

/** What the operator should set right, as sentences; none where all is as it should be. */
export function warningsFor(policy: ServicePolicy, folder: string): string[] {
  const warnings: string[] = []
  for (const group of ['A', 'B'] as const) {
    if (keysOf(policy, group).length === 1)
      warnings.push(
        `Group ${group} has one key only: when it is lost with its copies, no recording can be opened any more.`,
      )
  }
  for (const name of namesInBoth(policy))
    warnings.push(
      `${name} stands in both groups. If that is one person, that person opens recordings alone: opening takes two [R7].`,
    )
  // Only a running service has a database: there the people's keys must not lie, in a folder for the ceremony they may.
  const files = dataFolder(folder)
  if (!existsSync(files.database)) return warnings
  if (existsSync(files.operatorKey))
    warnings.push(
      `The operator key lies on the server: who takes the server over can name recorders and auditors. Move it away: ${files.operatorKey}`,
    )
  for (const file of groupKeysIn(folder))
    warnings.push(`A key that opens recordings lies on the server. Move it to its holder: ${file}`)
  return warnings
}

function groupKeysIn(folder: string): string[] {
  return ['', 'signaling', 'recorder', 'operator']
    .map((room) => join(folder, room))
    .flatMap((room) => namesIn(room).map((name) => join(room, name)))
    .filter((file) => HOLDS_GROUP_KEY.test(startOf(file)))
}

/** The recorder's room may belong to another user, whom this one can't look over the shoulder. */
function namesIn(room: string): string[] {
  try {
    return readdirSync(room)
  } catch {
    return []
  }
}

function startOf(file: string): string {
  try {
    const found = statSync(file)
    return found.isFile() && found.size <= MOST_KEY_FILE_BYTES ? readFileSync(file, 'latin1') : ''
  } catch {
    return ''
  }
}
