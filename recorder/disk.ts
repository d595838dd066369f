import { constants, type FileHandle, mkdir, open, opendir, rename, rm, statfs } from 'node:fs/promises'

/** What the vault needs of a disk. Errors are those of Node, with their `code` (ENOSPC, EIO, …). */
export interface Disk {
  makeDirectory(path: string): Promise<void>
  /** For reading and writing; undefined where it is not there. */
  open(path: string): Promise<DiskFile | undefined>
  /** For reading and writing; empty where it was not there. */
  create(path: string): Promise<DiskFile>
  /** Makes created and removed names durable. */
  syncDirectory(path: string): Promise<void>
  remove(path: string): Promise<void>
  /** Takes the place of what had that name, at once. */
  rename(from: string, to: string): Promise<void>
  /** The names in a folder, in no order, one by one; none where it is not there. */
  list(path: string): AsyncIterable<string>
  /** Bytes an unprivileged process can still write there. */
  freeBytes(path: string): Promise<number>
}

export interface DiskFile {
  size(): Promise<number>
  /** Fewer bytes than asked for where the file ends. */
  read(position: number, length: number): Promise<Buffer>
  /** All of it, or an error; then any part of it may have been written. */
  write(bytes: Uint8Array, position: number): Promise<void>
  truncate(length: number): Promise<void>
  /** Returns when data and length are on the disk (fdatasync). */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Recordings are for the recorder alone, sealed or not. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

export const nodeDisk: Disk = {
  async makeDirectory(path) {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE })
  },
  open: (path) => openExisting(path, constants.O_RDWR),
  async create(path) {
    return nodeFile(await open(path, constants.O_RDWR | constants.O_CREAT, FILE_MODE))
  },
  async syncDirectory(path) {
    const directory = await open(path, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },
  async remove(path) {
    await rm(path, { force: true })
  },
  rename,
  async *list(path) {
    try {
      for await (const { name } of await opendir(path)) yield name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
}

/** For those who only read, perhaps from a read-only copy; undefined where it is not there. */
export function openForReading(path: string): Promise<DiskFile | undefined> {
  return openExisting(path, constants.O_RDONLY)
}

/** The same disk for those who only read. */
export const readingDisk: Disk = { ...nodeDisk, open: openForReading }

async function openExisting(path: string, flags: number): Promise<DiskFile | undefined> {
  try {
    return nodeFile(await open(path, flags))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function nodeFile(handle: FileHandle): DiskFile {
  return {
    async size() {
      return (await handle.stat()).size
    },
    async read(position, length) {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return buffer.subarray(0, filled)
    },
    async write(bytes, position) {
      let written = 0
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(
          bytes,
          written,
          bytes.length - written,
          position + written,
        )
        written += bytesWritten
      }
    },
    truncate: (length) => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}
