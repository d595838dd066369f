import type { I420Frame } from '../../peer/wrtc.ts'
import type { StillsContent } from '../../protocol/messages/entry.ts'
import type { CursorLooks, PictureUpdate } from '../../protocol/messages/picture.ts'
import type { LineNow } from './coder-choice.ts'

/**
 * The picture as the agent's main thread sees it. Behind it a worker reads the screen, codes changed rectangles for
 * the expert at once and for the recording at leisure, from the same pixels: nothing is captured twice.
 */
export interface PictureEvents {
  /**
   * A coded update; `seq` is the caller's to add. `capturedAtMs`: Date.now() before its first pixel was read, put
   * forward where needed so that no two updates share it and none goes back. `payload` is the caller's to keep.
   */
  update(update: Omit<PictureUpdate, 't' | 'seq'>, payload: Uint8Array, capturedAtMs: number): void
  /** A frame for the video track: it belongs to the update that comes right after it. */
  filmFrame(frame: I420Frame): void
  /** `deflated`: raw DEFLATE of straight RGBA. Sent when the shape changed, and after `refresh()`. */
  cursorLooks(looks: Omit<CursorLooks, 't'>, deflated: Uint8Array): void
  /** Not held back by `request()`: a frozen picture's owner drops it. */
  cursorPlace(x: number, y: number): void
  /**
   * At most once a second, while something changed: the rectangles' latest pixels as WebP, lossless but where a film
   * plays just now; that is repaired by one more as soon as nothing changes any more. Covers every change handed out by
   * `update` that was captured at or before `coversUntilMs`. The first, and the first after a new layout, is a keyframe
   * with the layout. `content.stills` is empty when the screen looks again as recorded before, e.g. after something
   * blinked: such a record still says that nothing is missing.
   */
  stills(
    content: Omit<StillsContent, 't'>,
    payload: Uint8Array,
    keyframe: boolean,
    coversUntilMs: number,
  ): void
  /** The screen can no longer be read, in a sentence; the picture is over, `close()` still wanted. */
  failed(reason: string): void
}

export interface Picture {
  /**
   * Allows exactly one more `update`, made for this line. Between an update and the next request nothing is read: a slow line or a
   * frozen picture costs nothing, and what comes next is the newest state. Asking again before it came changes nothing.
   */
  request(line: LineNow): void
  /**
   * The next update covers everything and carries the layout, cursor looks follow: a new link begins empty. An update
   * on its way is dropped; whether one is allowed stays as it was.
   */
  refresh(): void
  /** The page has the first frame of this film on its canvas. */
  filmShown(id: number): void
  /** Reads nothing more from here on; resolves when the last `stills` came and the thread is gone, within 1.5 s. */
  close(): Promise<void>
}
