import {
  type AuditPerson,
  MAX_REFUSED_ACCOUNTS,
  type RefusedLogIns,
} from '../../protocol/messages/audit-event.ts'
import { StorageFailure } from '../../store/store.ts'
import type { Clock } from '../clock.ts'

const WINDOW_MS = 60_000

export interface RefusedLoginsOptions {
  readonly clock: Clock
  append(event: RefusedLogIns): Promise<unknown>
  onFailure(error: unknown): void
}

/**
 * Refused log-ins on their way into the audit log. The first after a quiet minute is written at once; those of the
 * minute that follows are counted and become one line at its end. So a flood costs one line a minute, whatever it
 * tries, and a crash forgets at most a minute of it. What can't be written stays counted.
 */
export class RefusedLogins {
  readonly #options: RefusedLoginsOptions
  #counted: Counted | null = null
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false
  #isClosed = false
  /** Ends the minute that runs; null in quiet times. */
  #stopWindow: (() => void) | null = null

  constructor(options: RefusedLoginsOptions) {
    this.#options = options
  }

  /** @param account null where nobody has the name that was typed */
  note(account: AuditPerson | null): void {
    this.#count((counted) => {
      if (account === null) counted.unknown++
      else if (counted.accounts.has(account.id) || counted.accounts.size < MAX_REFUSED_ACCOUNTS) {
        const before = counted.accounts.get(account.id)?.count ?? 0
        counted.accounts.set(account.id, { expert: account, count: before + 1 })
      } else counted.further++
    })
  }

  /** Told to wait before the password was looked at. */
  noteSlowed(): void {
    this.#count((counted) => {
      counted.slowed++
    })
  }

  /** Writes what is counted; nothing is counted any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopWindow?.()
    await this.#writing
    if (this.#counted) await this.#write()
  }

  #count(add: (counted: Counted) => void): void {
    if (this.#isClosed) return
    const { clock } = this.#options
    this.#counted ??= { fromMs: clock.nowMs(), accounts: new Map(), further: 0, unknown: 0, slowed: 0 }
    add(this.#counted)
    if (this.#stopWindow) return
    this.#openWindow()
    void this.#write()
  }

  #openWindow(): void {
    this.#stopWindow = this.#options.clock.after(WINDOW_MS, () => {
      this.#stopWindow = null
      if (!this.#counted) return
      this.#openWindow()
      void this.#write()
    })
  }

  #write(): Promise<void> {
    if (!this.#isWriting) this.#writing = this.#append()
    return this.#writing
  }

  async #append(): Promise<void> {
    const counted = this.#counted
    if (!counted) return
    this.#counted = null
    this.#isWriting = true
    const { clock, append, onFailure } = this.#options
    try {
      const { accounts, ...counts } = counted
      const event = { ...counts, toMs: clock.nowMs(), accounts: [...accounts.values()] }
      await append({ t: 'log-in-refused', ...event })
    } catch (error) {
      if (error instanceof StorageFailure) this.#counted = merged(counted, this.#counted)
      onFailure(error)
    } finally {
      this.#isWriting = false
    }
  }
}

interface Counted {
  fromMs: number
  accounts: Map<string, { expert: AuditPerson; count: number }>
  further: number
  unknown: number
  slowed: number
}

function merged(earlier: Counted, later: Counted | null): Counted {
  if (!later) return earlier
  const accounts = new Map(earlier.accounts)
  let further = earlier.further + later.further
  for (const [id, { expert, count }] of later.accounts) {
    const before = accounts.get(id)?.count
    if (before !== undefined || accounts.size < MAX_REFUSED_ACCOUNTS)
      accounts.set(id, { expert, count: count + (before ?? 0) })
    else further += count
  }
  const { fromMs, unknown, slowed } = earlier
  return { fromMs, accounts, further, unknown: unknown + later.unknown, slowed: slowed + later.slowed }
}
