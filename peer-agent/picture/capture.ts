import { setTimeout as rest } from 'node:timers/promises'
import type { I420Frame } from '../../peer/wrtc.ts'
import { FILM_STRIP_ROWS, filmBlocks } from '../../protocol/film-strip.ts'
import type { Film, PictureUpdate } from '../../protocol/messages/picture.ts'
import type { CursorPosition, CursorShape, Layout, ScreenReader } from '../desktop/port.ts'
import type { LineNow } from './coder-choice.ts'
import { FilmDirector } from './film.ts'
import type { Pixels } from './pixels.ts'
import { Postponed } from './postponed.ts'
import { readInto } from './read-into.ts'
import { ScreenCopy } from './screen-copy.ts'
import { type StillsRecord, startStillCoder } from './still-coder.ts'
import { type MadeUpdate, UpdateMaker } from './update-maker.ts'
import { exactBuffer, screenLayout } from './wire.ts'

export interface CaptureEvents {
  update(
    update: Omit<PictureUpdate, 't' | 'seq'>,
    payload: Uint8Array<ArrayBuffer>,
    capturedAtMs: number,
    epoch: number,
  ): void
  filmFrame(frame: I420Frame, epoch: number): void
  looks(shape: CursorShape): void
  place(position: CursorPosition): void
  stills(record: StillsRecord): void
  failed(error: Error): void
}

export interface Capture {
  request(line: LineNow): void
  /** What is being made under an older epoch is thrown away; `line` is set where the next may be sent. */
  refresh(epoch: number, line: LineNow | undefined): void
  filmShown(id: number): void
  close(): Promise<void>
}

/** 60 a second: nobody sees more, and a program that draws without pause must not cost us the machine. */
const BETWEEN_UPDATES_MS = 16

/**
 * The loop that reads and codes: it waits until an update is allowed *and* something changed, takes what changed, and
 * reads just that. It alone decides what is read; nothing is, before the first `request()`.
 */
export async function startCapture(
  reader: ScreenReader,
  pixels: Pixels,
  events: CaptureEvents,
  stillsIntervalMs: number,
): Promise<Capture> {
  let line: LineNow | undefined
  let changed = false
  let watching = false
  let everything = true
  let epoch = 0
  let closed = false
  let maker: UpdateMaker | undefined
  let lastCaptureMs = 0
  let lastLooks: CursorShape | undefined
  let lastPlace: CursorPosition | undefined
  let wake = () => {}
  const director = new FilmDirector()
  const postponed = new Postponed()
  const stills = startStillCoder({
    intervalMs: stillsIntervalMs,
    pixels,
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
    if (!line) return false
    if (everything || changed || !postponed.isEmpty || maker?.screen.hasMore) return true
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
      const repairAtMs = line && maker?.repairAtMs
      const repairInMs = repairAtMs === undefined ? undefined : repairAtMs - performance.now()
      if (!isWorkToDo() && (repairInMs === undefined || repairInMs > 0)) {
        await new Promise<void>((resolve) => {
          const timer = repairInMs === undefined ? undefined : setTimeout(resolve, repairInMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        continue
      }
      const sinceMs = performance.now() - lastCaptureMs
      // What is owed was read already, and has waited long enough.
      if (sinceMs < BETWEEN_UPDATES_MS && !maker?.screen.hasMore) await rest(BETWEEN_UPDATES_MS - sinceMs)
      if (!closed && line) await capture(line)
    }
  }

  async function capture(lineNow: LineNow): Promise<void> {
    lastCaptureMs = performance.now()
    const ofEpoch = epoch
    changed = false
    const change = await reader.take()
    const layout = change.layout ?? reader.layout()
    const anew = everything || change.layout !== undefined
    everything = false
    if (!maker || change.layout) {
      maker?.screen.close()
      maker = new UpdateMaker(pixels, new ScreenCopy(pixels, layout.width, layout.height), director)
      stills.restart({ layout, fresh: maker.screen.fresh, isMoving: maker.motion.isIn })
    }
    if (anew) {
      maker.restart(lastCaptureMs)
      postponed.clear()
    }
    const { screen } = maker
    const capturedAtMs = nextMoment()
    const rects = anew
      ? [{ x: 0, y: 0, width: layout.width, height: layout.height }]
      : postponed.take(change.rects, screen.hasMore, lastCaptureMs)
    if (!(await readInto(reader, pixels, rects, screen.fresh))) {
      // Off the screen just now: what comes next brings a new layout.
      everything = true
      return
    }
    stills.mark(rects)
    const made = await maker.make(rects, lineNow, lastCaptureMs)
    if (closed || (isEmpty(made) && !anew)) return
    stills.due(capturedAtMs)
    if (epoch !== ofEpoch) return
    line = undefined
    if (made.filmed) events.filmFrame(frameOf(made.filmed), ofEpoch)
    events.update(
      { ...(anew ? { layout: screenLayout(layout) } : {}), ...headerOf(made) },
      exactBuffer(made.tiles.map(({ bytes }) => bytes)),
      capturedAtMs,
      ofEpoch,
    )
  }

  function frameOf({ id, x, y, width, height }: Film): I420Frame {
    const { fresh } = maker!.screen
    const data = pixels.i420({ x, y, width, height }, fresh, FILM_STRIP_ROWS, filmBlocks(id))
    return { width, height: height + FILM_STRIP_ROWS, data }
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
    request(next) {
      line = next
      wake()
    },
    refresh(next, nextLine) {
      epoch = next
      line = nextLine
      everything = true
      if (lastLooks) events.looks(lastLooks)
      if (lastPlace) events.place(lastPlace)
      wake()
    },
    filmShown: (id) => director.shown(id),
    async close() {
      closed = true
      wake()
      await running
      await stills.close()
      await reader.close()
    },
  }
}

function isEmpty({ film, copies, recalls, tiles, filmed }: MadeUpdate): boolean {
  return film === undefined && !filmed && copies.length + recalls.length + tiles.length === 0
}

/** Lists that are empty are left out: most updates have one or two tiles and nothing else. */
function headerOf({ film, copies, keeps, recalls, tiles }: MadeUpdate): Omit<PictureUpdate, 't' | 'seq'> {
  return {
    ...(film === undefined ? {} : { film }),
    ...(copies.length > 0 ? { copies: [...copies] } : {}),
    ...(keeps.length > 0 ? { keeps: [...keeps] } : {}),
    ...(recalls.length > 0 ? { recalls: [...recalls] } : {}),
    tiles: tiles.map(({ tile }) => tile),
  }
}

let lastMoment = 0
/** Never the same twice and never back, or a record could claim to cover an update that came after it [R1]. */
function nextMoment(): number {
  lastMoment = Math.max(Date.now(), lastMoment + 1)
  return lastMoment
}

function inside({ x, y }: CursorPosition, { width, height }: Layout): CursorPosition {
  return { x: Math.min(width - 1, Math.max(0, x)), y: Math.min(height - 1, Math.max(0, y)) }
}
