import type {
  CursorEvents,
  CursorPosition,
  CursorShape,
  Layout,
  Rect,
  ScreenChange,
  ScreenReader,
} from '../port.ts'

/** A screen that a test paints. Every call of the reader, and every rectangle it reads, goes into `calls`. */
export interface FakeScreen {
  readonly reader: ScreenReader
  readonly calls: string[]
  layout: Layout
  /** BGRX, rows of `layout.width`. */
  pixels: Uint32Array
  /** Fills a rectangle with 0xRRGGBB and reports it as changed. */
  paint(rect: Rect, colour: number): void
  /** Reports a change where there is none, as damage does. */
  reportChange(rect: Rect): void
  setLayout(layout: Layout): void
  moveCursor(position: CursorPosition): void
  setCursor(shape: CursorShape): void
  /** From now on everything rejects with this. */
  lose(reason: Error): void
  /** Called before each read is answered; a test may paint or wait here. */
  beforeRead: (rect: Rect) => void | Promise<void>
}

export const FAKE_LAYOUT: Layout = {
  width: 320,
  height: 240,
  monitors: [{ id: 'fake', primary: true, x: 0, y: 0, width: 320, height: 240 }],
}

const ARROW: CursorShape = {
  id: 1,
  width: 2,
  height: 2,
  hotX: 0,
  hotY: 0,
  rgba: new Uint8Array([0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
}

export function createFakeScreen(calls: string[] = [], layout: Layout = FAKE_LAYOUT): FakeScreen {
  let dirty: Rect[] = []
  let newLayout: Layout | undefined
  let lost: Error | undefined
  let waiting: { resolve(): void; reject(reason: Error): void } | undefined
  let cursorEvents: CursorEvents | undefined

  const wake = () => {
    waiting?.resolve()
    waiting = undefined
  }
  const whole = () => ({ x: 0, y: 0, width: screen.layout.width, height: screen.layout.height })

  const reader: ScreenReader = {
    layout: () => screen.layout,
    changed() {
      calls.push('changed')
      if (lost) return Promise.reject(lost)
      if (dirty.length > 0 || newLayout) return Promise.resolve()
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    async take(): Promise<ScreenChange> {
      calls.push('take')
      if (lost) throw lost
      const rects = dirty
      dirty = []
      if (!newLayout) return { rects }
      const change = { layout: newLayout, rects: [whole()] }
      newLayout = undefined
      return change
    },
    async read(rect, pixels) {
      calls.push(`read ${rect.x},${rect.y} ${rect.width}x${rect.height}`)
      await screen.beforeRead(rect)
      if (lost) throw lost
      const { width, height } = screen.layout
      if (rect.x + rect.width > width || rect.y + rect.height > height) return false
      const into = new Uint32Array(pixels.buffer, pixels.byteOffset)
      for (let row = 0; row < rect.height; row++) {
        const from = (rect.y + row) * width + rect.x
        into.set(screen.pixels.subarray(from, from + rect.width), row * rect.width)
      }
      return true
    },
    async watchCursor(events) {
      calls.push('watchCursor')
      cursorEvents = events
      events.looks(ARROW)
      events.place({ x: 0, y: 0 })
    },
    async close() {
      calls.push('close')
      lost = new Error('The screen is no longer read.')
      waiting?.reject(lost)
    },
  }

  const screen: FakeScreen = {
    reader,
    calls,
    layout,
    pixels: new Uint32Array(layout.width * layout.height),
    paint(rect, colour) {
      for (let y = rect.y; y < rect.y + rect.height; y++) {
        const from = y * screen.layout.width + rect.x
        screen.pixels.fill(colour, from, from + rect.width)
      }
      screen.reportChange(rect)
    },
    reportChange(rect) {
      dirty.push(rect)
      wake()
    },
    setLayout(next) {
      screen.layout = next
      newLayout = next
      screen.pixels = new Uint32Array(next.width * next.height)
      wake()
    },
    moveCursor: (position) => cursorEvents?.place(position),
    setCursor: (shape) => cursorEvents?.looks(shape),
    lose(reason) {
      lost = reason
      waiting?.reject(reason)
      waiting = undefined
    },
    beforeRead: () => {},
  }
  return screen
}

/** What the picture worker opens for the kind "fake": a still screen of a few coloured fields. */
export async function openScreenReader(): Promise<ScreenReader> {
  const screen = createFakeScreen()
  screen.paint({ x: 0, y: 0, width: 320, height: 240 }, 0x336699)
  screen.paint({ x: 40, y: 40, width: 160, height: 100 }, 0xffffff)
  return screen.reader
}
