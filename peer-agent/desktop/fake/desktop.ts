import type { Desktop, HandsInput, Layout, LocalHands, Watermark, WatermarkContent } from '../port.ts'
import { FAKE_LAYOUT } from './screen-reader.ts'

/** A desktop that a test plays. Every call goes into `calls`, in order. */
export interface FakeDesktop extends Desktop {
  readonly calls: string[]
  /** What stands on the mark now; nothing while there is none. */
  shownMark(): WatermarkContent | undefined
  loseMark(reason: string): void
  /** The customer's own hands. */
  input(kind: HandsInput): void
  pressStopKey(): void
  /** Set to make `showWatermark` reject. */
  refuseMark: string | undefined
  currentLayout: Layout
}

export function createFakeDesktop(
  calls: string[] = [],
  now: () => number = () => performance.now(),
): FakeDesktop {
  let mark: WatermarkContent | undefined
  let lastPressAtMs = Number.NEGATIVE_INFINITY
  let lostListener: ((reason: string) => void) | undefined
  const inputListeners: ((kind: HandsInput) => void)[] = []
  let heldCount = 0
  let clipboardText: string | null = null
  const stopListeners: (() => void)[] = []

  const show = (content: WatermarkContent) => {
    mark = content
    calls.push(`mark ${content.who} / ${content.what}${content.expertHolds ? ' (holds)' : ''}`)
  }

  const desktop: FakeDesktop = {
    kind: 'fake',
    stopKeyName: 'F11',
    calls,
    refuseMark: undefined,
    currentLayout: FAKE_LAYOUT,
    layout: () => desktop.currentLayout,
    async showWatermark(content): Promise<Watermark> {
      if (desktop.refuseMark !== undefined) {
        calls.push('mark refused')
        throw new Error(desktop.refuseMark)
      }
      show(content)
      return {
        async update(next) {
          show(next)
        },
        onLost(listener) {
          lostListener = listener
        },
        async close() {
          calls.push('mark gone')
          mark = undefined
        },
      }
    },
    async watchLocalHands(): Promise<LocalHands> {
      calls.push('watch hands')
      return {
        tellsInjectedApart: true,
        lastPressAtMs: () => lastPressAtMs,
        heldCount: () => heldCount,
        onInput(listener) {
          inputListeners.push(listener)
        },
        onStopKey(listener) {
          stopListeners.push(listener)
        },
        async close() {
          calls.push('hands closed')
        },
      }
    },
    async openShowPointer(label) {
      return {
        show: (x, y) => void calls.push(`pointer ${x},${y} ${label}`),
        hide: () => void calls.push('pointer hidden'),
        close: async () => void calls.push('pointer closed'),
      }
    },
    async openClipboard() {
      return {
        async write(text) {
          clipboardText = text
          calls.push('clipboard written')
        },
        async read() {
          calls.push('clipboard read')
          return clipboardText
        },
        async close() {},
      }
    },
    async close() {
      calls.push('desktop closed')
      mark = undefined
    },
    shownMark: () => mark,
    loseMark(reason) {
      mark = undefined
      lostListener?.(reason)
    },
    input(kind) {
      if (kind !== 'move') lastPressAtMs = now()
      if (kind === 'press') heldCount++
      if (kind === 'release') heldCount = Math.max(0, heldCount - 1)
      for (const listener of inputListeners) listener(kind)
    },
    pressStopKey() {
      desktop.input('press')
      desktop.input('release')
      for (const listener of stopListeners) listener()
    },
  }
  return desktop
}
