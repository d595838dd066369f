import type { StillsContent } from '../../protocol/messages/entry.ts'
import type { Layout, Rect } from '../desktop/port.ts'
import { mergeRects } from '../desktop/rects.ts'
import { CELL, createFramebuffer, cutAtCells, type Framebuffer, wholeOf } from './framebuffer.ts'
import { codeWebp } from './webp.ts'
import { exactBuffer, screenLayout } from './wire.ts'

export interface StillsRecord {
  readonly content: Omit<StillsContent, 't'>
  readonly payload: Uint8Array<ArrayBuffer>
  readonly keyframe: boolean
  readonly coversUntilMs: number
}

export interface StillCoder {
  /** A new screen: nothing of the old one is wanted any more, and what comes next is a keyframe. */
  restart(layout: Layout, shadow: Framebuffer): void
  /** The shadow changed here. */
  mark(rect: Rect): void
  /** Everything of the update captured at this time is in the shadow: a record is due. */
  due(capturedAtMs: number): void
  /** Records at once what is due, and nothing afterwards. */
  close(): Promise<void>
}

/** A little patience, so that a window that paints itself bit by bit is recorded once. */
const SETTLE_MS = 150
/** Largest picture coded in one piece: 2 megapixels, a fifth of a second on another thread. */
const MOST_CELLS_ACROSS = 30
const MOST_CELLS_DOWN = 17
/** What one picture costs more than its pixels, in pixels. */
const PICTURE_COSTS_PIXELS = 16_000

/**
 * Codes the recording at leisure: the newest pixels of what changed, as lossless WebP. It takes a copy of them first,
 * so that a record shows one moment however long the coding takes. No timer runs while nothing is due.
 */
export function startStillCoder(options: {
  readonly intervalMs: number
  readonly cursor: () => { readonly x: number; readonly y: number } | undefined
  readonly emit: (record: StillsRecord) => void
  readonly failed: (error: Error) => void
}): StillCoder {
  let screen: Screen | undefined
  let dueUntilMs: number | undefined
  let lastStartMs = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let coding: Promise<void> | undefined
  let closed = false

  function arm(): void {
    if (closed || timer || coding || dueUntilMs === undefined) return
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
    if (!screen || dueUntilMs === undefined) return
    lastStartMs = performance.now()
    const coversUntilMs = dueUntilMs
    dueUntilMs = undefined
    const { keyframe, recorded, layout } = screen
    const rects = takeSnapshot(screen)
    const cursor = options.cursor()
    const pictures: { rect: Rect; webp: Buffer }[] = []
    for (const rect of rects) pictures.push({ rect, webp: await codeWebp(rect, recorded) })
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
    restart(layout, shadow) {
      // What is half read must not become a keyframe: the due() at its end arms anew, and covers what was due before.
      clearTimeout(timer)
      timer = undefined
      dueUntilMs = undefined
      screen = {
        layout,
        shadow,
        recorded: createFramebuffer(layout.width, layout.height),
        across: Math.ceil(layout.width / CELL),
        dirty: new Set(),
        keyframe: true,
      }
    },
    mark(rect) {
      if (!screen) return
      for (const part of cutAtCells(rect, 1, 1)) {
        screen.dirty.add(Math.floor(part.y / CELL) * screen.across + Math.floor(part.x / CELL))
      }
    },
    due(capturedAtMs) {
      dueUntilMs = capturedAtMs
      arm()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await coding
      await record().catch(options.failed)
    },
  }
}

interface Screen {
  readonly layout: Layout
  readonly shadow: Framebuffer
  /** What the recording shows; not touched while it is being coded. */
  readonly recorded: Framebuffer
  readonly across: number
  /** Numbers of cells that may differ from `recorded`. */
  readonly dirty: Set<number>
  keyframe: boolean
}

/** Brings `recorded` up to date and says where it changed. */
function takeSnapshot(screen: Screen): Rect[] {
  const { layout, shadow, recorded, dirty, across } = screen
  const { keyframe } = screen
  screen.keyframe = false
  if (keyframe) {
    recorded.words.set(shadow.words)
    dirty.clear()
    return cutAtCells(wholeOf(layout), MOST_CELLS_ACROSS, MOST_CELLS_DOWN)
  }
  const changed = [...dirty]
    .sort((a, b) => a - b)
    .map((cell) => cellRect(cell, across, layout))
    .filter((rect) => copyIfChanged(rect, shadow, recorded))
  dirty.clear()
  return mergeRects(changed, PICTURE_COSTS_PIXELS).flatMap((rect) =>
    cutAtCells(rect, MOST_CELLS_ACROSS, MOST_CELLS_DOWN),
  )
}

function cellRect(cell: number, across: number, layout: Layout): Rect {
  const x = (cell % across) * CELL
  const y = Math.floor(cell / across) * CELL
  return { x, y, width: Math.min(CELL, layout.width - x), height: Math.min(CELL, layout.height - y) }
}

function copyIfChanged(rect: Rect, from: Framebuffer, to: Framebuffer): boolean {
  let changed = false
  for (let row = rect.y; row < rect.y + rect.height; row++) {
    const start = row * from.width + rect.x
    for (let i = start; i < start + rect.width; i++) {
      if (from.words[i] === to.words[i]) continue
      to.words[i] = from.words[i]!
      changed = true
    }
  }
  return changed
}
