import type { StillsContent } from '../../protocol/messages/entry.ts'
import type { Layout, Rect } from '../desktop/port.ts'
import { area, mergeRects } from '../desktop/rects.ts'
import { CellMarks } from './cell-marks.ts'
import { cutAtCells } from './grid.ts'
import { codeMovingWebp, codeSmallWebp, codeWebp } from './image-coder.ts'
import type { Frame, Pixels } from './pixels.ts'
import { exactBuffer, screenLayout } from './wire.ts'

export interface StillsRecord {
  readonly content: Omit<StillsContent, 't'>
  readonly payload: Uint8Array<ArrayBuffer>
  readonly keyframe: boolean
  readonly coversUntilMs: number
}

/** The screen that is recorded. */
export interface Recorded {
  readonly layout: Layout
  /** The newest pixels. */
  readonly fresh: Frame
  /** Whether a film plays there now. */
  isMoving(rect: Rect): boolean
}

export interface StillCoder {
  /** A new screen: nothing of the old one is wanted any more, and what comes next is a keyframe. */
  restart(screen: Recorded): void
  /** These parts of the screen were read anew. */
  mark(rects: readonly Rect[]): void
  /** Everything of the update captured at this time is in `fresh`: a record is due. */
  due(capturedAtMs: number): void
  /** Records at once what is due, and nothing afterwards. */
  close(): Promise<void>
}

/** A little patience, so that a window that paints itself bit by bit is recorded once. */
const SETTLE_MS = 150
/** Largest picture coded in one piece: 2 megapixels, a fifth of a second on another thread. */
const MOST_CELLS_ACROSS = 30
const MOST_CELLS_DOWN = 17
/** Where more than this has changed within the interval, as when text scrolls, coding it densely would cost too much. */
const MOST_DENSE_PIXELS = 1_000_000
/** What one picture costs more than its pixels, in pixels. */
const PICTURE_COSTS_PIXELS = 16_000

/**
 * Codes the recording at leisure: the newest pixels of what changed, as lossless WebP; where a film plays, with losses
 * until it rests: after an interval without any change a further record makes it exact. It takes a copy of them first,
 * so that a record shows one moment however long the coding takes. No timer runs while nothing is due and all is exact.
 */
export function startStillCoder(options: {
  readonly intervalMs: number
  readonly pixels: Pixels
  readonly cursor: () => { readonly x: number; readonly y: number } | undefined
  readonly emit: (record: StillsRecord) => void
  readonly failed: (error: Error) => void
}): StillCoder {
  const { pixels } = options
  let screen: Screen | undefined
  let dueUntilMs: number | undefined
  let coveredUntilMs = Number.NEGATIVE_INFINITY
  let lastStartMs = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let coding: Promise<void> | undefined
  let closed = false

  function arm(): void {
    const isRepairLeft = screen !== undefined && screen.coarse.size > 0
    if (closed || timer || coding || (dueUntilMs === undefined && !isRepairLeft)) return
    const now = performance.now()
    const settled = screen?.keyframe ? now : now + Math.min(SETTLE_MS, options.intervalMs / 4)
    timer = setTimeout(start, Math.max(lastStartMs + options.intervalMs, settled) - now)
  }

  function start(): void {
    timer = undefined
    coding = record()
      .catch(options.failed)
      .then(() => {
        coding = undefined
        arm()
      })
  }

  async function record(): Promise<void> {
    if (!screen) return
    lastStartMs = performance.now()
    const isAtRest = dueUntilMs === undefined
    coveredUntilMs = dueUntilMs ?? coveredUntilMs
    const coversUntilMs = coveredUntilMs
    dueUntilMs = undefined
    const { keyframe, recorded } = screen
    const { layout } = screen.source
    const rects = takeSnapshot(pixels, screen, isAtRest)
    const cursor = options.cursor()
    const pictures: { rect: Rect; webp: Uint8Array }[] = []
    const stillPixels = rects.reduce((sum, { rect, isMoving }) => sum + (isMoving ? 0 : area(rect)), 0)
    const codeStill = stillPixels > MOST_DENSE_PIXELS ? codeWebp : codeSmallWebp
    for (const { rect, isMoving } of rects) {
      const code = isMoving ? codeMovingWebp : codeStill
      pictures.push({ rect, webp: await code(pixels, rect, recorded) })
    }
    options.emit({
      content: {
        ...(keyframe ? { layout: screenLayout(layout) } : {}),
        ...(cursor ? { cursor: { x: cursor.x, y: cursor.y } } : {}),
        stills: pictures.map(({ rect: { x, y, width, height }, webp }) => ({
          x,
          y,
          width,
          height,
          bytes: webp.length,
        })),
      },
      payload: exactBuffer(pictures.map(({ webp }) => webp)),
      keyframe,
      coversUntilMs,
    })
  }

  return {
    restart(source) {
      // What is half read must not become a keyframe: the due() at its end arms anew, and covers what was due before.
      clearTimeout(timer)
      timer = undefined
      dueUntilMs = undefined
      const { width, height } = source.layout
      const old = screen?.recorded
      // It may be being coded just now.
      if (old) void Promise.resolve(coding).then(() => pixels.free(old))
      screen = {
        source,
        recorded: pixels.frame(width, height),
        dirty: new CellMarks(width, height),
        coarse: new CellMarks(width, height),
        keyframe: true,
      }
    },
    mark(rects) {
      for (const rect of rects) screen?.dirty.mark(rect, 0)
    },
    due(capturedAtMs) {
      dueUntilMs = capturedAtMs
      arm()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await coding
      if (dueUntilMs !== undefined) await record().catch(options.failed)
    },
  }
}

interface Screen {
  readonly source: Recorded
  /** What the recording shows; not touched while it is being coded. */
  readonly recorded: Frame
  /** Cells that may differ from `recorded`. */
  readonly dirty: CellMarks
  /** Cells that the recording shows with losses. */
  readonly coarse: CellMarks
  keyframe: boolean
}

/** Brings `recorded` up to date and says where it changed, or was coarse and rests now. */
function takeSnapshot(
  pixels: Pixels,
  screen: Screen,
  isAtRest: boolean,
): { rect: Rect; isMoving: boolean }[] {
  const { source, recorded, dirty, coarse, keyframe } = screen
  const { fresh, layout } = source
  const whole = { x: 0, y: 0, width: layout.width, height: layout.height }
  screen.keyframe = false
  if (keyframe) {
    pixels.copy(whole, fresh, recorded)
    dirty.clear()
    return inPictures([whole], false)
  }
  const isMoving = (cell: Rect) => !isAtRest && source.isMoving(cell)
  const changed = dirty.cells().filter((cell) => pixels.differs(cell, fresh, recorded))
  dirty.clear()
  for (const cell of changed) pixels.copy(cell, fresh, recorded)
  const moving = inPictures(changed.filter(isMoving), true)
  const rested = coarse.cells().filter((cell) => !isMoving(cell))
  const still = inPictures([...changed.filter((cell) => !isMoving(cell)), ...rested], false)
  // Also what did not change itself but lies within a picture with losses.
  for (const { rect } of moving) coarse.mark(rect, 0)
  for (const { rect } of still) coarse.unmark(rect)
  return [...moving, ...still]
}

/** A picture that is merged over a moving one comes after it, so that what rests stays exact. */
function inPictures(cells: readonly Rect[], isMoving: boolean): { rect: Rect; isMoving: boolean }[] {
  return mergeRects(cells, PICTURE_COSTS_PIXELS)
    .flatMap((rect) => cutAtCells(rect, MOST_CELLS_ACROSS, MOST_CELLS_DOWN))
    .map((rect) => ({ rect, isMoving }))
}
