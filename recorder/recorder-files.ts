import { join } from 'node:path'

/** Where the recorder keeps what. */
export interface RecorderFiles {
  readonly vaultFolder: string
  /** Must be in no backup [R6]. */
  readonly expiryKeysFolder: string
  readonly indexFile: string
  readonly clockNoteFile: string
  readonly clockConfirmedFile: string
}

export function recorderFiles(env: NodeJS.ProcessEnv): RecorderFiles {
  const folder = join(env.LOTSE_DATA || './data', 'recorder')
  return {
    vaultFolder: join(folder, 'vault'),
    expiryKeysFolder: env.LOTSE_EXPIRY_KEYS || join(folder, 'expiry-keys'),
    indexFile: join(folder, 'index.sqlite'),
    clockNoteFile: join(folder, 'clock.json'),
    clockConfirmedFile: join(folder, 'clock-confirmed.json'),
  }
}
