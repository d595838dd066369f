import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Disk } from './disk.ts'
import { type KeyPlace, keyFileName, readKeyFileName, SLOT_MS } from './expiry-slot.ts'
import { readWhole, writeWhole } from './whole-file.ts'

const KEY_BYTES = 32
/** As `retentionDays` is bounded, and the slot. */
const LONGEST_MS = 365 * 24 * 60 * 60_000 + SLOT_MS
/** A key that has not got its name yet; no wraps were ever stored under it. */
const UNFINISHED = '.new'

/**
 * The keys whose destruction makes recordings unreadable in every copy [R6]. Their folder must be in no backup: it is
 * the one place where they are. A file is 32 random bytes and nothing else. Errors are those of the disk.
 */
export class ExpiryKeys {
  readonly directory: string
  readonly #disk: Disk
  readonly #making = new Map<string, Promise<void>>()

  /** @param directory made when the first key is */
  constructor(directory: string, disk: Disk) {
    this.directory = directory
    this.#disk = disk
  }

  /** The key, made if there is none yet; it is durable before this resolves. The caller wipes what it gets. */
  async obtain(place: KeyPlace): Promise<Uint8Array> {
    const found = await this.read(place)
    if (found) return found
    const name = keyFileName(place)
    const making = this.#making.get(name) ?? this.#make(name).finally(() => this.#making.delete(name))
    this.#making.set(name, making)
    await making
    const made = await this.read(place)
    if (!made) throw new Error('an expiry key was gone as soon as it was made')
    return made
  }

  /** Undefined where it was destroyed or never made. The caller wipes what it gets. */
  async read(place: KeyPlace): Promise<Uint8Array | undefined> {
    const bytes = await readWhole(this.#disk, this.#pathOf(keyFileName(place)), KEY_BYTES)
    return bytes?.length === KEY_BYTES ? bytes : undefined
  }

  /** All keys that there are, in no order. */
  async list(): Promise<KeyPlace[]> {
    const places: KeyPlace[] = []
    for await (const name of this.#disk.list(this.directory)) {
      const place = readKeyFileName(name)
      if (place) places.push(place)
    }
    return places
  }

  /** Overwrites it where it stands, then takes it out of the folder. Repeatable, and fine where there is none. */
  destroy(place: KeyPlace): Promise<void> {
    return this.#destroy(keyFileName(place))
  }

  /** Removes what a crash left of keys that were being made. */
  async clean(): Promise<void> {
    const left: string[] = []
    for await (const name of this.#disk.list(this.directory))
      if (name.endsWith(UNFINISHED) && !this.#making.has(name.slice(0, -UNFINISHED.length))) left.push(name)
    for (const name of left) await this.#destroy(name)
  }

  async #make(name: string): Promise<void> {
    await this.#disk.makeDirectory(this.directory)
    const key = randomBytes(KEY_BYTES)
    try {
      await writeWhole(this.#disk, this.#pathOf(name + UNFINISHED), key)
    } finally {
      key.fill(0)
    }
    await this.#disk.rename(this.#pathOf(name + UNFINISHED), this.#pathOf(name))
    await this.#disk.syncDirectory(this.directory)
    // The folder itself may be new.
    await this.#disk.syncDirectory(dirname(this.directory))
  }

  async #destroy(name: string): Promise<void> {
    const path = this.#pathOf(name)
    const file = await this.#disk.open(path)
    if (!file) return
    try {
      await file.write(randomBytes(KEY_BYTES), 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await this.#disk.remove(path)
    await this.#disk.syncDirectory(this.directory)
  }

  #pathOf(name: string): string {
    return join(this.directory, name)
  }
}

/** A moment that has been for certain, by the keys alone: no recording is kept longer than a year. Null without keys. */
export async function pastOf(keys: ExpiryKeys): Promise<number | null> {
  const slots = (await keys.list()).flatMap((place) => (place.t === 'slot' ? [place.slotMs] : []))
  return slots.length === 0 ? null : Math.max(...slots) - LONGEST_MS
}
