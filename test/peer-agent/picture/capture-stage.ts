import type { Test } from 'tap'
import type { I420Frame } from '../../../peer/wrtc.ts'
import { createFakeScreen, type FakeScreen } from '../../../peer-agent/desktop/fake/screen-reader.ts'
import { type Capture, type CaptureEvents, startCapture } from '../../../peer-agent/picture/capture.ts'
import type { LineNow } from '../../../peer-agent/picture/coder-choice.ts'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import type { StillsRecord } from '../../../peer-agent/picture/still-coder.ts'
import type { PictureUpdate } from '../../../protocol/messages/picture.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { PlayedPage } from '../../fixtures/played-page.ts'
import { until } from '../../fixtures/x-server.ts'

export interface Update extends Omit<PictureUpdate, 't' | 'seq'> {
  readonly capturedAtMs: number
  readonly epoch: number
  readonly payload: Uint8Array
}

export interface Stage {
  readonly screen: FakeScreen
  readonly calls: string[]
  readonly updates: Update[]
  /** Draws every update. */
  readonly page: PlayedPage
  readonly films: I420Frame[]
  readonly records: StillsRecord[]
  readonly failures: string[]
  readonly capture: Capture
  /** Allows one update and waits until it is drawn. */
  next(line?: LineNow): Promise<Update>
}

export async function stage(t: Test, intervalMs = 20): Promise<Stage> {
  const calls: string[] = []
  const screen = createFakeScreen(calls)
  const updates: Update[] = []
  const records: StillsRecord[] = []
  const failures: string[] = []
  const page = new PlayedPage()
  const films: I420Frame[] = []
  let drawn = Promise.resolve()
  const events: CaptureEvents = {
    update(update, payload, capturedAtMs, epoch) {
      updates.push({ ...update, payload, capturedAtMs, epoch })
      drawn = page.draw(update, payload)
    },
    filmFrame: (frame) => films.push(frame),
    looks: () => calls.push('looks'),
    place: ({ x, y }) => calls.push(`place ${x},${y}`),
    stills: (record) => records.push(record),
    failed: (error) => failures.push(error.message),
  }
  const capture = await startCapture(screen.reader, createPixels(), events, intervalMs)
  t.teardown(() => capture.close())
  return {
    screen,
    calls,
    updates,
    page,
    films,
    records,
    failures,
    capture,
    async next(line = AMPLE_LINE) {
      const before = updates.length
      capture.request(line)
      await until(() => updates.length > before, { what: 'an update' })
      await drawn
      return updates.at(-1)!
    },
  }
}

export function rgbOf({ pixels }: FakeScreen): Buffer {
  const rgb = Buffer.alloc(pixels.length * 3)
  for (const [index, colour] of pixels.entries()) rgb.writeUIntBE(colour & 0xffffff, index * 3, 3)
  return rgb
}
