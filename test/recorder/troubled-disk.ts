import { basename } from 'node:path'
import { type Disk, type DiskFile, nodeDisk } from '../../recorder/disk.ts'

const errorOf = (code: string) => Object.assign(new Error(code), { code })

/** The real disk with troubles on demand. It notes in `calls` what was done to the files, in order. */
export class TroubledDisk implements Disk {
  readonly calls: string[] = []
  /** Writes fail with this code after this many bytes of the write. */
  failingWrites: { code: string; afterBytes: number } | undefined
  failingSyncs: string | undefined
  failingTruncates: string | undefined
  free: number | undefined
  /** While true, every sync waits until `letGo` is called. */
  isHolding = false
  #held: (() => void)[] = []
  #arrivals: (() => void)[] = []

  /** Resolves when this many syncs are waiting. */
  async syncsWaiting(count: number): Promise<void> {
    while (this.#held.length < count) await new Promise<void>((arrived) => this.#arrivals.push(arrived))
  }

  letGo(): void {
    for (const go of this.#held.splice(0)) go()
  }

  makeDirectory(path: string): Promise<void> {
    return nodeDisk.makeDirectory(path)
  }

  async open(path: string): Promise<DiskFile | undefined> {
    const file = await nodeDisk.open(path)
    return file && this.#wrap(basename(path), file)
  }

  async create(path: string): Promise<DiskFile> {
    return this.#wrap(basename(path), await nodeDisk.create(path))
  }

  async syncDirectory(path: string): Promise<void> {
    this.calls.push('sync directory')
    await nodeDisk.syncDirectory(path)
  }

  remove(path: string): Promise<void> {
    this.calls.push(`remove ${basename(path)}`)
    return nodeDisk.remove(path)
  }

  rename(from: string, to: string): Promise<void> {
    this.calls.push(`rename to ${basename(to)}`)
    return nodeDisk.rename(from, to)
  }

  list(path: string): AsyncIterable<string> {
    return nodeDisk.list(path)
  }

  async freeBytes(path: string): Promise<number> {
    return this.free ?? nodeDisk.freeBytes(path)
  }

  #wrap(name: string, file: DiskFile): DiskFile {
    return {
      size: () => file.size(),
      read: (position, length) => file.read(position, length),
      write: async (bytes, position) => {
        if (bytes.length > 0) this.calls.push(`write ${name} at ${position}`)
        const failing = this.failingWrites
        if (!failing || bytes.length === 0) return file.write(bytes, position)
        await file.write(bytes.subarray(0, failing.afterBytes), position)
        throw errorOf(failing.code)
      },
      truncate: async (length) => {
        if (this.failingTruncates) throw errorOf(this.failingTruncates)
        this.calls.push(`truncate ${name} to ${length}`)
        await file.truncate(length)
      },
      sync: async () => {
        this.calls.push(`sync ${name}`)
        if (this.isHolding) await this.#hold()
        if (this.failingSyncs) throw errorOf(this.failingSyncs)
        await file.sync()
        this.calls.push(`synced ${name}`)
      },
      close: () => file.close(),
    }
  }

  #hold(): Promise<void> {
    return new Promise((go) => {
      this.#held.push(go)
      for (const arrived of this.#arrivals.splice(0)) arrived()
    })
  }
}
