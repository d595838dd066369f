import { dirname } from 'node:path'
import type { Disk } from './disk.ts'

/** Small files that are read and written as a whole. Errors are those of the disk. */

/** Undefined where it is not there. Longer than `maxBytes`, it is cut one byte behind that, so that it fits nothing. */
export async function readWhole(
  disk: Pick<Disk, 'open'>,
  path: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const file = await disk.open(path)
  if (!file) return undefined
  try {
    return await file.read(0, Math.min(await file.size(), maxBytes + 1))
  } finally {
    await file.close()
  }
}

/** The bytes are durable when this resolves, the name is not. */
export async function writeWhole(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.create(path)
  try {
    await file.truncate(0)
    await file.write(bytes, 0)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Old or new, never a part: also across a crash. */
export async function replaceWhole(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(disk, `${path}.new`, bytes)
  await disk.rename(`${path}.new`, path)
  await disk.syncDirectory(dirname(path))
}
