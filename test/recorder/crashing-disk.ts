import { type Disk, type DiskFile, nodeDisk } from '../../recorder/disk.ts'
import type { Store } from '../../store/store.ts'

/** Everything after this moment happens to a process that is dead. */
export class Crashed extends Error {}

/**
 * The real disk and database of a process that dies at its n-th call, before or amid it: a write leaves a part. What
 * was not synced before is kept all the same, as after a kill.
 */
export class CrashPoint {
  calls = 0
  /** The call that is not survived. */
  at = Number.POSITIVE_INFINITY

  get isReached(): boolean {
    return this.calls >= this.at
  }

  /** Counts a call and dies at it. */
  pass(): void {
    this.calls++
    if (this.isReached) throw new Crashed(`dead at call ${this.at}`)
  }

  get disk(): Disk {
    const passing =
      <Given extends unknown[], Result>(action: (...given: Given) => Promise<Result>) =>
      async (...given: Given) => {
        this.pass()
        return action(...given)
      }
    const wrap = (file: DiskFile): DiskFile => ({
      ...file,
      truncate: passing(file.truncate),
      sync: passing(file.sync),
      write: async (bytes, position) => {
        try {
          this.pass()
        } catch (error) {
          if (this.calls === this.at) await file.write(bytes.subarray(0, bytes.length >> 1), position)
          throw error
        }
        await file.write(bytes, position)
      },
    })
    return {
      ...nodeDisk,
      makeDirectory: passing(nodeDisk.makeDirectory),
      open: async (path) => {
        const file = await nodeDisk.open(path)
        return file && wrap(file)
      },
      create: async (path) => {
        this.pass()
        return wrap(await nodeDisk.create(path))
      },
      remove: passing(nodeDisk.remove),
      rename: passing(nodeDisk.rename),
      syncDirectory: passing(nodeDisk.syncDirectory),
    }
  }

  /** Dies before a call of the database, which itself is all or nothing. */
  store(store: Store): Store {
    return {
      run: async (work) => {
        this.pass()
        return store.run(work)
      },
      transaction: async (work) => {
        this.pass()
        return store.transaction(work)
      },
      close: () => store.close(),
    }
  }
}
