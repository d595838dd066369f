/** Hands out pieces of a module's memory and takes them back. A plain list: there are never more than a few pieces. */
export interface ModuleMemory {
  /** Address of a piece of its own, at a multiple of 16. Throws a RangeError where memory cannot grow so far. */
  take(bytes: number): number
  give(address: number): void
  /** Stale as soon as memory grows. */
  view(address: number, bytes: number): Uint8Array
}

interface Piece {
  readonly address: number
  readonly bytes: number
}

const PAGE = 65_536
const ALIGN = 16
/** WebAssembly addresses have 32 bits. */
const MOST_BYTES = 2 ** 32

export function manageMemory(memory: WebAssembly.Memory, start: number): ModuleMemory {
  const first = Math.ceil(start / ALIGN) * ALIGN
  const taken = new Map<number, number>()
  /** By address; no two touch. */
  let free: Piece[] = [{ address: first, bytes: memory.buffer.byteLength - first }]

  function grow(bytes: number): void {
    const end = memory.buffer.byteLength
    const last = free.at(-1)
    const there = last && last.address + last.bytes === end ? last.bytes : 0
    const pages = Math.ceil((bytes - there) / PAGE)
    try {
      if (end + pages * PAGE > MOST_BYTES) throw new RangeError('Addresses have 32 bits.')
      memory.grow(pages)
    } catch (cause) {
      const megabytes = Math.ceil(bytes / 2 ** 20)
      throw new RangeError(`There is no memory for ${megabytes} MiB of pixels.`, { cause })
    }
    putBack({ address: end, bytes: pages * PAGE })
  }

  function putBack(piece: Piece): void {
    const joined: Piece[] = []
    for (const next of [...free, piece].sort((a, b) => a.address - b.address)) {
      const last = joined.at(-1)
      if (last && last.address + last.bytes === next.address)
        joined[joined.length - 1] = { address: last.address, bytes: last.bytes + next.bytes }
      else joined.push(next)
    }
    free = joined
  }

  return {
    take(bytes) {
      const size = Math.ceil(bytes / ALIGN) * ALIGN
      if (!free.some((piece) => piece.bytes >= size)) grow(size)
      const piece = free.find((candidate) => candidate.bytes >= size)!
      const rest = { address: piece.address + size, bytes: piece.bytes - size }
      free = free.flatMap((other) => (other !== piece ? [other] : rest.bytes > 0 ? [rest] : []))
      taken.set(piece.address, size)
      return piece.address
    },
    give(address) {
      const bytes = taken.get(address)
      if (bytes === undefined) throw new Error('This memory was given back before.')
      taken.delete(address)
      putBack({ address, bytes })
    },
    view: (address, bytes) => new Uint8Array(memory.buffer, address, bytes),
  }
}

/** One piece that is changed for a larger one where it does not do; what was in it is lost then. */
export interface GrowingArea {
  readonly address: number
  readonly bytes: number
  fit(bytes: number): void
}

export function growingArea(memory: ModuleMemory): GrowingArea {
  const area = {
    address: 0,
    bytes: 0,
    fit(bytes: number): void {
      if (bytes <= area.bytes) return
      const address = memory.take(bytes)
      if (area.bytes > 0) memory.give(area.address)
      area.address = address
      area.bytes = bytes
    },
  }
  return area
}
