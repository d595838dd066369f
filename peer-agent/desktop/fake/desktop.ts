import type { Desktop, Layout, LocalHands, Watermark, WatermarkContent } from '../port.ts'
import { FAKE_LAYOUT } from './screen-reader.ts'

/** A desktop that a test plays. Every call goes into `calls`, in order. */
export interface FakeDesktop extends Desktop {
  readonly calls: string[]
  /** What stands on the mark now; nothing while there is none. */
  shownMark(): WatermarkContent | undefined
  loseMark(reason: string): void
  /** The customer's own hands. */
  input(kind: 'move' | 'press'): void
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
  const inputListeners: ((kind: 'move' | 'press') => void)[] = []
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
      if (kind === 'press') lastPressAtMs = now()
      for (const listener of inputListeners) listener(kind)
    },
    pressStopKey() {
      desktop.input('press')
      for (const listener of stopListeners) listener()
    },
  }
  return desktop
}
