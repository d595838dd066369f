import { closeSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import { nanoid } from 'nanoid'
import type { ShmExtension } from 'x11'
import type { Rect } from '../port.ts'
import type { XConnection } from './connection.ts'

/** A way to copy pixels of the root window, rows without padding, 4 bytes a pixel. Rejects with the X error. */
export interface PixelSource {
  /** How many bytes one `copy` may take. */
  readonly mostBytes: number
  copy(rect: Rect, pixels: Uint8Array): Promise<void>
  close(): Promise<void>
}

const Z_PIXMAP = 2
const ALL_PLANES = 0xffffffff
/** A 4K screen at one go, so that it is not torn. It is a file in memory: only what is used of it counts. */
const SEGMENT_BYTES = 34 * 1024 * 1024
const SOCKET_BYTES = 2 * 1024 * 1024

/** Through memory shared with the server where that works, which costs half of what the socket does. */
export async function openPixelSource(connection: XConnection): Promise<PixelSource> {
  return (await openShared(connection).catch(() => undefined)) ?? overSocket(connection)
}

/**
 * The segment is a file in /dev/shm that has no name once the server has it, so nothing is left behind whatever
 * becomes of us. Only attaching it shows whether it works: servers elsewhere offer MIT-SHM and then refuse.
 */
async function openShared(connection: XConnection): Promise<PixelSource | undefined> {
  if (!(await connection.hasExtension('MIT-SHM'))) return undefined
  const shm = await connection.extension('shm')
  const passesDescriptors = shm.major > 1 || (shm.major === 1 && shm.minor >= 2)
  if (!passesDescriptors || !shm.fdCapable) return undefined
  const file = openNameless()
  const segment = connection.client.AllocID()
  try {
    await connection.ask<void>((done) => shm.AttachFd(segment, file, false, done))
  } catch (error) {
    closeSync(file)
    throw error
  }
  return shared(connection, shm, segment, file)
}

function openNameless(): number {
  const path = `/dev/shm/lotse-${nanoid()}`
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  ftruncateSync(file, SEGMENT_BYTES)
  return file
}

function shared(connection: XConnection, shm: ShmExtension, segment: number, file: number): PixelSource {
  return {
    mostBytes: SEGMENT_BYTES,
    async copy({ x, y, width, height }, pixels) {
      await connection.ask<{ size: number }>((done) =>
        shm.GetImage(connection.root, x, y, width, height, ALL_PLANES, Z_PIXMAP, segment, 0, done),
      )
      readSync(file, pixels, 0, width * height * 4, 0)
    },
    async close() {
      await connection.ask<void>((done) => shm.Detach(segment, done)).catch(() => {})
      closeSync(file)
    },
  }
}

function overSocket(connection: XConnection): PixelSource {
  return {
    mostBytes: SOCKET_BYTES,
    async copy({ x, y, width, height }, pixels) {
      const image = await connection.ask<{ data: Buffer }>((done) =>
        connection.client.GetImage(Z_PIXMAP, connection.root, x, y, width, height, ALL_PLANES, done),
      )
      pixels.set(image.data.subarray(0, width * height * 4))
    },
    async close() {},
  }
}
