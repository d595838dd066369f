import type { Test } from 'tap'
import { createFakeScreen, type FakeScreen } from '../../../peer-agent/desktop/fake/screen-reader.ts'
import { type Capture, type CaptureEvents, startCapture } from '../../../peer-agent/picture/capture.ts'
import type { StillsRecord } from '../../../peer-agent/picture/still-coder.ts'
import type { PictureUpdate } from '../../../protocol/messages/picture.ts'
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
  readonly records: StillsRecord[]
  readonly failures: string[]
  readonly capture: Capture
  /** Allows one update and waits for it. */
  next(): Promise<Update>
}

export async function stage(t: Test, intervalMs = 20): Promise<Stage> {
  const calls: string[] = []
  const screen = createFakeScreen(calls)
  const updates: Update[] = []
  const records: StillsRecord[] = []
  const failures: string[] = []
  const events: CaptureEvents = {
    update: (update, payload, capturedAtMs, epoch) =>
      updates.push({ ...update, payload, capturedAtMs, epoch }),
    looks: () => calls.push('looks'),
    place: ({ x, y }) => calls.push(`place ${x},${y}`),
    stills: (record) => records.push(record),
    failed: (error) => failures.push(error.message),
  }
  const capture = await startCapture(screen.reader, events, intervalMs)
  t.teardown(() => capture.close())
  return {
    screen,
    calls,
    updates,
    records,
    failures,
    capture,
    async next() {
      const before = updates.length
      capture.request()
      await until(() => updates.length > before, { what: 'an update' })
      return updates.at(-1)!
    },
  }
}

export function rgbOf({ pixels }: FakeScreen): Buffer {
  const rgb = Buffer.alloc(pixels.length * 3)
  for (const [index, colour] of pixels.entries()) rgb.writeUIntBE(colour & 0xffffff, index * 3, 3)
  return rgb
}
