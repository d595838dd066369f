import { join } from 'node:path'
import { systemClock } from '../../peer/clock.ts'
import { Retention } from '../../recorder/retention.ts'
import type { Vault } from '../../recorder/vault.ts'
import { openStore, type Store } from '../../store/store.ts'
import { vaultAt } from './vault-at.ts'

/** What a recorder that is going to be killed shall do. */
export interface ProcessSpec {
  readonly folder: string
  readonly nowMs: number
  readonly holds: readonly { readonly sessionId: string; readonly untilMs: number }[]
  readonly opens: readonly {
    readonly sessionId: string
    readonly header: Uint8Array
    readonly wraps: Uint8Array
  }[]
}

/** The parts of a recorder that keep and delete, at a time that is given. */
export class RetentionProcess {
  readonly vault: Vault
  readonly store: Store
  readonly retention: Retention
  readonly failures: string[] = []

  static async open(folder: string, now: () => number): Promise<RetentionProcess> {
    return new RetentionProcess(folder, now, await openStore(join(folder, 'index.sqlite')))
  }

  private constructor(folder: string, now: () => number, store: Store) {
    this.store = store
    this.vault = vaultAt(join(folder, 'vault'), { now })
    this.retention = new Retention({
      vault: this.vault,
      store,
      clock: systemClock,
      timeToDeleteBy: async () => now(),
      tell: (level, sentence) => {
        if (level === 'error') this.failures.push(sentence)
      },
    })
  }

  async close(): Promise<void> {
    await this.retention.stop()
    await this.vault.close()
    await this.store.close()
  }
}
