import { randomFillSync } from 'node:crypto'
import { CELL } from '../../protocol/cells.ts'
import type { Rect } from '../desktop/port.ts'
import { clipRect } from '../desktop/rects.ts'
import { orderCopies } from './copy-order.ts'
import { writeStrip } from './film-strip-rows.ts'
import { checkAlike, checkFilm, checkInside, checkSource } from './pixel-checks.ts'
import { startKernels } from './wasm/kernels.ts'
import { growingArea, manageMemory } from './wasm/memory.ts'

/** Pixels of a whole screen in the module's memory, rows without padding. Their unused byte is always zero. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly address: number
}

/** How far something moved: to the right, and down. */
export interface Shift {
  readonly dx: number
  readonly dy: number
}

export interface PalettePixels {
  readonly colours: number
  /** As protocol/messages/picture.ts says, before it is deflated. */
  readonly packed: Memory
}

/**
 * Work on pixels, in WebAssembly. Every rectangle has whole numbers, is not empty and lies in its frame; else a
 * RangeError is thrown. Results are copies in memory of their own, or at the beginning of `into` where that has room:
 * memory never touched before can cost more than all the work on it.
 */
export interface Pixels {
  /** A black frame. Throws a RangeError if there is no memory for it. */
  frame(width: number, height: number): Frame
  free(frame: Frame): void
  /** Black again. */
  clear(frame: Frame): void
  /**
   * Memory to read pixels into, for the next `blit`: one area, grown as needed. Only `frame` and a `scratch` of more
   * bytes than before make it stale, so a read may be under way during everything else.
   */
  scratch(bytes: number): Uint8Array
  /** Rows of rect.width pixels in scratch → their place in the frame. */
  blit(rect: Rect, to: Frame): void
  copy(rect: Rect, from: Frame, to: Frame): void
  /** Moves what is at (rect.x − dx, rect.y − dy) to rect, within one frame, also where both overlap. */
  move(rect: Rect, shift: Shift, frame: Frame): void
  /** For each cell that rect touches, row by row: the smallest box around the pixels within rect that differ. */
  changedBoxes(rect: Rect, fresh: Frame, shadow: Frame): Rect[]
  /** True where any pixel of rect differs. */
  differs(rect: Rect, a: Frame, b: Frame): boolean
  /**
   * How at least an eighth of what changed within rect was moved, if it was: fresh[p] = shadow[p − shift]. Landmarks,
   * windows of 32 × 8 pixels of which the shadow has few alike, are searched in the shadow: in rect and as far around
   * it as it is wide and high, wherever the two frames differ. Blank and periodic content has none.
   */
  findShift(rect: Rect, fresh: Frame, shadow: Frame): Shift | undefined
  /**
   * Rectangles within rect, disjoint, that equal the shadow moved by `shift` and differ from it in place: few, large,
   * none below 2048 pixels. Moved one after the other, none takes from where an earlier one was drawn.
   */
  copiesOf(rect: Rect, shift: Shift, fresh: Frame, shadow: Frame): Rect[]
  /**
   * 128 bits that equal pixels share and different ones practically never do, as a short string that means nothing.
   * The key is random: hashes of another `Pixels` are others.
   */
  hash(rect: Rect, frame: Frame): string
  /** Nothing where there are more than 256 colours. */
  packPalette(rect: Rect, frame: Frame, into?: Memory): PalettePixels | undefined
  /** The share of pixels that have their left neighbour's colour: much of text and windows, little of a photograph. */
  flatShare(rect: Rect, frame: Frame): number
  /** RGB, each row but the first less the row above, modulo 256. */
  packRgb(rect: Rect, frame: Frame, into?: Memory): Memory
  /** Plain RGB. */
  rgb(rect: Rect, frame: Frame, into?: Memory): Memory
  /**
   * I420 by BT.601 in limited range; the width even and at least 8, the height even. Below come `strip` rows, an even
   * number, without colour: for each of `bits` a block 8 pixels wide, light or dark, and dark up to the right side.
   * The result fills its own ArrayBuffer exactly, which is that of `into` where it has just this size.
   */
  i420(rect: Rect, frame: Frame, strip: number, bits: readonly boolean[], into?: Memory): Memory
}

type Memory = Uint8Array<ArrayBuffer>

/** Where the indices begin in what the palette kernel writes; the rest of its result ends there. */
const PALETTE_HEAD = 1 + 256 * 3
const RECT_BYTES = 16

export function createPixels(): Pixels {
  const kernels = startKernels()
  const memory = manageMemory(kernels.memory, kernels.heapStart())
  const key = memory.take(kernels.hashKeyBytes())
  randomFillSync(memory.view(key, kernels.hashKeyBytes()))
  const scratch = growingArea(memory)
  /** Results are written here. It fits all frames, so that no kernel need make memory grow. */
  const work = growingArea(memory)

  function workBytes(width: number, height: number): number {
    const cells = Math.ceil(width / CELL) * Math.ceil(height / CELL)
    const copies = kernels.MOST_COPIES.value * RECT_BYTES + kernels.copiesWorkBytes(width, height)
    return Math.max(PALETTE_HEAD + width * height, 3 * width * height + 16, copies, cells * RECT_BYTES)
  }

  function result(bytes: number, into?: Memory, skip = 0): Memory {
    const made = memory.view(work.address + skip, bytes)
    if (!into || into.length < bytes) return made.slice()
    into.set(made)
    return into.subarray(0, bytes)
  }

  function rects(count: number): Rect[] {
    const words = new Uint32Array(result(count * RECT_BYTES).buffer)
    return Array.from({ length: count }, (_, at) => {
      const [x, y, width, height] = words.subarray(at * 4)
      return { x: x!, y: y!, width: width!, height: height! }
    })
  }

  function rgb(isDelta: 0 | 1, rect: Rect, frame: Frame, into?: Memory): Memory {
    checkInside(rect, frame)
    const { x, y, width, height } = rect
    kernels.rgb(frame.address, frame.width, x, y, width, height, isDelta, work.address)
    return result(width * height * 3, into)
  }

  return {
    frame(width, height) {
      checkInside({ x: 0, y: 0, width, height }, { width, height })
      work.fit(workBytes(width, height))
      const address = memory.take(width * height * 4)
      memory.view(address, width * height * 4).fill(0)
      return { width, height, address }
    },
    free: ({ address }) => memory.give(address),
    clear: ({ address, width, height }) => void memory.view(address, width * height * 4).fill(0),
    scratch(bytes) {
      scratch.fit(bytes)
      return memory.view(scratch.address, bytes)
    },
    blit(rect, to) {
      checkInside(rect, to)
      const { x, y, width, height } = rect
      if (width * height * 4 > scratch.bytes)
        throw new RangeError(`Scratch memory holds less than ${width} × ${height} pixels.`)
      kernels.blit(scratch.address, to.address, to.width, x, y, width, height)
    },
    copy(rect, from, to) {
      checkInside(rect, from)
      checkInside(rect, to)
      const { x, y, width, height } = rect
      kernels.copy(from.address, from.width, to.address, to.width, x, y, width, height)
    },
    move(rect, shift, frame) {
      checkInside(rect, frame)
      checkSource(rect, shift, frame)
      const { x, y, width, height } = rect
      kernels.move(frame.address, frame.width, x, y, width, height, shift.dx, shift.dy)
    },
    changedBoxes(rect, fresh, shadow) {
      checkAlike(fresh, shadow)
      checkInside(rect, fresh)
      const { x, y, width, height } = rect
      const stride = fresh.width
      return rects(
        kernels.changedBoxes(fresh.address, shadow.address, stride, x, y, width, height, work.address),
      )
    },
    differs(rect, a, b) {
      checkAlike(a, b)
      checkInside(rect, a)
      const { x, y, width, height } = rect
      return kernels.differs(a.address, b.address, a.width, x, y, width, height) !== 0
    },
    findShift(rect, fresh, shadow) {
      checkAlike(fresh, shadow)
      checkInside(rect, fresh)
      const right = rect.x + rect.width
      const bottom = rect.y + rect.height
      const shift = kernels.findShift(
        fresh.address,
        shadow.address,
        fresh.width,
        fresh.height,
        ...[rect.x, rect.y, right, bottom],
        Math.max(0, rect.x - rect.width),
        Math.max(0, rect.y - rect.height),
        Math.min(fresh.width, right + rect.width),
        Math.min(fresh.height, bottom + rect.height),
      )
      return shift === 0 ? undefined : { dx: (shift << 16) >> 16, dy: shift >> 16 }
    },
    copiesOf(rect, shift, fresh, shadow) {
      checkAlike(fresh, shadow)
      checkInside(rect, fresh)
      const { dx, dy } = shift
      const to = clipRect(rect, fresh.width + Math.min(0, dx), fresh.height + Math.min(0, dy))
      const x = Math.max(to.x, dx)
      const y = Math.max(to.y, dy)
      const width = to.x + to.width - x
      const height = to.y + to.height - y
      if (width <= 0 || height <= 0) return []
      const out = work.address
      const rest = out + kernels.MOST_COPIES.value * RECT_BYTES
      const frames = [fresh.address, shadow.address, fresh.width] as const
      return orderCopies(rects(kernels.copiesOf(...frames, x, y, width, height, dx, dy, rest, out)), shift)
    },
    hash(rect, frame) {
      checkInside(rect, frame)
      const { x, y, width, height } = rect
      kernels.hash(frame.address, frame.width, x, y, width, height, key, work.address)
      const [a, b, c, d, e, f, g, h] = new Uint16Array(kernels.memory.buffer, work.address, 8)
      return String.fromCharCode(a!, b!, c!, d!, e!, f!, g!, h!)
    },
    packPalette(rect, frame, into) {
      checkInside(rect, frame)
      const { x, y, width, height } = rect
      const colours = kernels.packPalette(frame.address, frame.width, x, y, width, height, work.address)
      if (colours === 0) return undefined
      const head = 1 + colours * 3
      const rowBytes = Math.ceil((width * kernels.bitsFor(colours)) / 8)
      return { colours, packed: result(head + rowBytes * height, into, PALETTE_HEAD - head) }
    },
    flatShare(rect, frame) {
      checkInside(rect, frame)
      const { x, y, width, height } = rect
      return kernels.likeLeft(frame.address, frame.width, x, y, width, height) / (width * height)
    },
    packRgb: (rect, frame, into) => rgb(1, rect, frame, into),
    rgb: (rect, frame, into) => rgb(0, rect, frame, into),
    i420(rect, frame, strip, bits, into) {
      checkInside(rect, frame)
      const { x, y, width, height } = rect
      checkFilm(rect)
      const half = (width * height) / 4
      const u = work.address + width * height
      kernels.i420(frame.address, frame.width, x, y, width, height, work.address, u, u + half)
      const bytes = (width * (height + strip) * 3) / 2
      const picture = into?.buffer.byteLength === bytes ? into : new Uint8Array(bytes)
      picture.set(memory.view(work.address, width * height))
      picture.set(memory.view(u, half), width * (height + strip))
      picture.set(memory.view(u + half, half), width * (height + strip) + half + (width * strip) / 4)
      writeStrip(picture, width, height, strip, bits)
      return picture
    },
  }
}
