import { setTimeout as rest } from 'node:timers/promises'
import type { PictureUpdate } from '../../protocol/messages/picture.ts'
import type { CursorPosition, CursorShape, Layout, ScreenReader } from '../desktop/port.ts'
import { type Band, takeAll, takeChanges } from './changed-parts.ts'
import { createFramebuffer, type Framebuffer, wholeOf } from './framebuffer.ts'
import { BAND_PIXELS, inBands, split, type Wanted } from './reading-plan.ts'
import { type StillsRecord, startStillCoder } from './still-coder.ts'
import { type CodedTile, codeTile } from './tile-coder.ts'
import { exactBuffer, screenLayout } from './wire.ts'

export interface CaptureEvents {
  update(
    update: Omit<PictureUpdate, 't' | 'seq'>,
    payload: Uint8Array<ArrayBuffer>,
    capturedAtMs: number,
    epoch: number,
  ): void
  looks(shape: CursorShape): void
  place(position: CursorPosition): void
  stills(record: StillsRecord): void
  failed(error: Error): void
}

export interface Capture {
  request(): void
  /** What is being made under an older epoch is thrown away; `isAllowed` says whether the next may be sent. */
  refresh(epoch: number, isAllowed: boolean): void
  close(): Promise<void>
}

/** 60 a second: nobody sees more, and a program that draws without pause must not cost us the machine. */
const BETWEEN_UPDATES_MS = 16
/** The protocol allows 4096 in one update; a band may bring some dozens more. */
const MOST_TILES = 3900
/** Coded tiles that may wait for a thread; keeps memory small when a whole screen changes. */
const MOST_CODING = 32

/**
 * The loop that reads and codes: it waits until an update is allowed *and* something changed, takes what changed, and
 * reads just that. It alone decides what is read; nothing is, before the first `request()`.
 */
export async function startCapture(
  reader: ScreenReader,
  events: CaptureEvents,
  stillsIntervalMs: number,
): Promise<Capture> {
  let allowed = false
  let changed = false
  let watching = false
  let everything = true
  let epoch = 0
  let closed = false
  let wanted: Wanted[] = []
  let shadow: Framebuffer | undefined
  let lastCaptureMs = 0
  let lastLooks: CursorShape | undefined
  let lastPlace: CursorPosition | undefined
  let wake = () => {}
  const pixels = [bandMemory(), bandMemory()]
  const stills = startStillCoder({
    intervalMs: stillsIntervalMs,
    cursor: () => lastPlace,
    emit: events.stills,
    failed: fail,
  })

  function fail(error: Error): void {
    if (closed) return
    closed = true
    wake()
    events.failed(error)
  }

  function isWorkToDo(): boolean {
    if (!allowed) return false
    if (everything || wanted.length > 0 || changed) return true
    if (!watching) {
      watching = true
      reader.changed().then(() => {
        watching = false
        changed = true
        wake()
      }, fail)
    }
    return false
  }

  async function run(): Promise<void> {
    while (!closed) {
      if (!isWorkToDo()) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const sinceMs = performance.now() - lastCaptureMs
      if (sinceMs < BETWEEN_UPDATES_MS) await rest(BETWEEN_UPDATES_MS - sinceMs)
      if (!closed) await capture()
    }
  }

  async function capture(): Promise<void> {
    lastCaptureMs = performance.now()
    const ofEpoch = epoch
    changed = false
    const change = await reader.take()
    const layout = change.layout ?? reader.layout()
    const anew = everything || change.layout !== undefined
    everything = false
    if (!shadow || change.layout) {
      shadow = createFramebuffer(layout.width, layout.height)
      stills.restart(layout, shadow)
    }
    if (anew) wanted = [{ rect: wholeOf(layout), all: true }]
    else wanted.push(...change.rects.map((rect) => ({ rect, all: false })))
    const capturedAtMs = nextMoment()
    const tiles = await readAndCode(shadow)
    if (closed || (tiles.length === 0 && !anew)) return
    stills.due(capturedAtMs)
    if (epoch !== ofEpoch) return
    allowed = false
    events.update(
      { ...(anew ? { layout: screenLayout(layout) } : {}), tiles: tiles.map(({ tile }) => tile) },
      exactBuffer(tiles.map(({ bytes }) => bytes)),
      capturedAtMs,
      ofEpoch,
    )
  }

  /** Works off `wanted`; what the update has no room for, or is off the screen just now, stays there. */
  async function readAndCode(into: Framebuffer): Promise<CodedTile[]> {
    const { now, later } = split(wanted)
    wanted = later
    const bands = now.flatMap(({ rect, all }) => inBands(rect).map((place) => ({ place, all })))
    const coding: Promise<CodedTile>[] = []
    const read = (index: number) => {
      const band = bands[index]
      const result = band && reader.read(band.place, pixels[index % 2]!.bytes)
      // Awaited one turn later: until then a lost screen must not count as nobody's error.
      result?.catch(() => {})
      return result
    }
    let reading = read(0)
    for (const [index, { place, all }] of bands.entries()) {
      if (closed) break
      const onScreen = await reading
      reading = read(index + 1)
      if (!onScreen || coding.length >= MOST_TILES) {
        wanted.push({ rect: place, all })
        continue
      }
      const band: Band = { place, ...pixels[index % 2]! }
      for (const part of all ? takeAll(band, into) : takeChanges(band, into)) {
        stills.mark(part)
        coding.push(codeTile(part, band))
      }
      await coding.at(-MOST_CODING)
    }
    await reading
    return Promise.all(coding)
  }

  await reader.watchCursor({
    looks(shape) {
      lastLooks = shape
      events.looks(shape)
    },
    place(position) {
      lastPlace = inside(position, reader.layout())
      events.place(lastPlace)
    },
  })
  const running = run().catch(fail)

  return {
    request() {
      allowed = true
      wake()
    },
    refresh(next, isAllowed) {
      epoch = next
      allowed = isAllowed
      everything = true
      if (lastLooks) events.looks(lastLooks)
      if (lastPlace) events.place(lastPlace)
      wake()
    },
    async close() {
      closed = true
      wake()
      await running
      await stills.close()
      await reader.close()
    },
  }
}

let lastMoment = 0
/** Never the same twice and never back, or a record could claim to cover an update that came after it [R1]. */
function nextMoment(): number {
  lastMoment = Math.max(Date.now(), lastMoment + 1)
  return lastMoment
}

function bandMemory(): Pick<Band, 'bytes' | 'words'> {
  const memory = new ArrayBuffer(BAND_PIXELS * 4)
  return { bytes: Buffer.from(memory), words: new Uint32Array(memory) }
}

function inside({ x, y }: CursorPosition, { width, height }: Layout): CursorPosition {
  return { x: Math.min(width - 1, Math.max(0, x)), y: Math.min(height - 1, Math.max(0, y)) }
}
