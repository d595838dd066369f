import type { CellRun, Copy, Film } from '../../protocol/messages/picture.ts'
import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { isInside } from './cell-marks.ts'
import { type Content, type LineNow, mostPixelsOfTile } from './coder-choice.ts'
import type { FilmDirector } from './film.ts'
import { codeCoarse } from './image-coder.ts'
import { joinBoxes, overlaps, without } from './joined-boxes.ts'
import { Motion, REST_MS } from './motion.ts'
import type { Pixels } from './pixels.ts'
import { ByteGuess, Room } from './room.ts'
import type { ScreenCopy } from './screen-copy.ts'
import { type CodedTile, type PlannedTile, planTile } from './tile-coder.ts'
import { lookAt, planTiles } from './tile-plan.ts'

/** Everything for one update that covers what the line has room for. */
export interface MadeUpdate {
  /** Set where it changed. */
  readonly film?: Film | null
  readonly copies: readonly Copy[]
  readonly keeps: readonly CellRun[]
  readonly recalls: readonly CellRun[]
  readonly tiles: readonly CodedTile[]
  /** The region of `fresh` that the video track gets now. */
  readonly filmed?: Film
}

/** The protocol allows 4096 in one update. */
const MOST_TILES = 3900
/** Tiles that may wait for a thread: so few that what is coded tells how much room is left. */
const MOST_CODING = 4
/** A coarse picture of a film's size may take so many updates' room, once or twice. */
const BRIDGE_ROOMS = 3
const COARSE_BYTES_PER_PIXEL = 0.12

const NOTHING_MOVED = { copies: [], moved: [] }
const FEW_VAIN = 3
const SEARCH_EVERY = 8

/** Makes updates from what was read: moves first, then what was seen before, then tiles as many as there is room for. */
export class UpdateMaker {
  readonly screen: ScreenCopy
  readonly motion = new Motion()
  readonly #pixels: Pixels
  readonly #director: FilmDirector
  #film: Film | undefined
  readonly #guess = new ByteGuess()
  /** One after the other while something moved. */
  #vainSearches = 0

  constructor(pixels: Pixels, screen: ScreenCopy, director: FilmDirector) {
    this.#pixels = pixels
    this.screen = screen
    this.#director = director
  }

  /** Where nothing was exact for longer than it takes to rest, that is repaired: at this time, if ever. */
  get repairAtMs(): number | undefined {
    const { oldestMs } = this.screen.inexact
    return oldestMs === undefined ? undefined : oldestMs + REST_MS
  }

  restart(nowMs: number): void {
    this.screen.restart(nowMs)
    this.#director.clear()
    this.#film = undefined
  }

  async make(readAnew: readonly Rect[], line: LineNow, nowMs: number): Promise<MadeUpdate> {
    this.screen.read(readAnew, nowMs)
    const { copies, moved } = this.#isWorthSearching()
      ? this.screen.takeMoved(readAnew, nowMs)
      : NOTHING_MOVED
    this.#vainSearches = moved.length > 0 || this.#director.now.by === 'tiles' ? 0 : this.#vainSearches + 1
    const boxes = this.screen.takeDifferences()
    // What is still owed did not change again, and what appears at the edge of a scrolled text is no motion of its own.
    const isNew = (box: Rect) => readAnew.some((rect) => overlaps(box, rect))
    this.motion.changed(
      boxes.filter((box) => isNew(box) && !moved.some((rect) => isInside(box, rect))),
      nowMs,
    )
    const region = this.motion.region(nowMs)
    const moving = this.#director.step(region, region ? this.#contentOf(region) : 'text', line, this.#whole)
    const film = this.#filmChange(moving.by === 'video' ? moving.film : undefined)
    const hole = regionOf(moving)
    const outside = hole ? boxes.flatMap((box) => without(box, hole)) : boxes
    const { reused, left } = this.screen.reuse(outside, hole)
    const coding: Promise<CodedTile>[] = []
    const hasMoved = hole !== undefined && boxes.some((box) => overlaps(box, hole))
    if (hasMoved) {
      // Until the page shows the first frame of a film, coarse pictures bridge the time where the line has room for them.
      const isBridged = moving.by === 'video' && !moving.isShown && canBridge(hole, line)
      if (moving.by === 'stills' || isBridged) {
        coding.push(this.#coarse(hole, line))
      }
      this.screen.sent(hole, false, nowMs)
    }
    const tiles = await this.#tiles(left, line, nowMs, coding)
    return {
      ...(film === undefined ? {} : { film }),
      copies,
      ...reused,
      tiles,
      ...(hasMoved && moving.by === 'video' ? { filmed: moving.film } : {}),
    }
  }

  /** A film has no shift, but a page that was taken for one may scroll on: it is looked for now and then. */
  #isWorthSearching(): boolean {
    return this.#vainSearches < FEW_VAIN || this.#vainSearches % SEARCH_EVERY === 0
  }

  get #whole(): Rect {
    return { x: 0, y: 0, width: this.screen.width, height: this.screen.height }
  }

  #filmChange(next: Film | undefined): Film | null | undefined {
    if (next?.id === this.#film?.id) return undefined
    this.#film = next
    return next ?? null
  }

  async #coarse(rect: Rect, line: LineNow): Promise<CodedTile> {
    const { coding, bytes } = await codeCoarse(this.#pixels, rect, this.screen.fresh, line.bytesPerSecond)
    const { x, y, width, height } = rect
    return { tile: { x, y, width, height, coding, bytes: bytes.length }, bytes, isExact: false }
  }

  /** Codes what differs, text first, and with what room is left repairs what rests. */
  async #tiles(
    boxes: readonly Rect[],
    line: LineNow,
    nowMs: number,
    coding: Promise<CodedTile>[],
  ): Promise<CodedTile[]> {
    const mostPixels = mostPixelsOfTile(line)
    // The least first: a letter or what a scroll laid bare must not wait behind what is owed of a whole screen.
    const waiting = joinBoxes(boxes, mostPixels).sort((one, other) => area(one) - area(other))
    const allPixels = waiting.reduce((sum, rect) => sum + area(rect), 0)
    const room = new Room(line.roomBytes, this.#guess)
    const guessed = (rect: Rect) =>
      this.#guess.of({ content: lookAt(this.#pixels, rect, this.screen.fresh), rect })
    room.completeFor(
      waiting.reduce((sum, rect) => sum + guessed(rect), 0),
      line,
    )
    const hasRoom = () => room.hasMore && coding.length < MOST_TILES
    const start = async (planned: PlannedTile) => {
      coding.push(room.take(planned))
      this.screen.sent(planned.rect, planned.coder !== 'coarse', nowMs)
      await coding.at(-MOST_CODING)
    }
    const photos: PlannedTile[] = []
    for (const rect of waiting) {
      if (!hasRoom()) {
        this.screen.owed(rect, nowMs)
        continue
      }
      for (const planned of planTiles(this.#pixels, rect, this.screen.fresh, line, allPixels)) {
        if (planned.content === 'photo') photos.push(planned)
        else await start(planned)
      }
    }
    for (const planned of photos) {
      if (hasRoom()) await start(planned)
      else this.screen.owed(planned.rect, nowMs)
    }
    const rested = this.screen.inexact
      .cells(nowMs - REST_MS)
      .filter((cell) => !this.#film || without(cell, this.#film).length > 0)
    for (const rect of joinBoxes(rested, mostPixels)) {
      if (!hasRoom()) break
      await start(
        planTile(this.#pixels, rect, this.screen.fresh, line, { allPixels: 0, isExactWanted: true }),
      )
    }
    return Promise.all(coding)
  }

  #contentOf(region: Rect): Content {
    const x = region.x + ((region.width / 2) & ~63)
    const y = region.y + ((region.height / 2) & ~63)
    const sample = {
      x,
      y,
      width: Math.min(128, this.screen.width - x),
      height: Math.min(64, this.screen.height - y),
    }
    return lookAt(this.#pixels, sample, this.screen.fresh)
  }
}

function canBridge(region: Rect, { roomBytes }: LineNow): boolean {
  return area(region) * COARSE_BYTES_PER_PIXEL <= BRIDGE_ROOMS * roomBytes
}

function regionOf(moving: FilmDirector['now']): Rect | undefined {
  if (moving.by === 'tiles') return undefined
  return moving.by === 'stills' ? moving.region : moving.film
}
