import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { RefusalCode } from '../../protocol/refusals.ts'
import type { CursorShape } from './cursor-decoder.ts'

/** Page → picture worker. Both are ours and of one build, so these are types without a schema. */
export type ToPictureWorker =
  /** First of all: the canvas to draw on. */
  | { readonly t: 'canvas'; readonly canvas: OffscreenCanvas }
  /** One frame of the `picture` channel as it came; answered by `done` or `refused` with the same `id`. */
  | { readonly t: 'frame'; readonly id: number; readonly frame: Uint8Array<ArrayBuffer> }
  /** A new link begins: the next update counts from 1 and names its layout. */
  | { readonly t: 'reset' }
  /** Answered by `pixels` once everything before it is drawn. */
  | { readonly t: 'read'; readonly id: number }
  | ToFilmScreening

/** Frames of the video track: the worker reads them itself where the browser lets it, or gets one after the other. */
export type ToFilmScreening =
  | { readonly t: 'film-source'; readonly frames: ReadableStream<VideoFrame> | null }
  /** Answered by `film-taken`; the next one waits for that. */
  | { readonly t: 'film-frame'; readonly frame: ImageBitmap }

/** Picture worker → page. */
export type FromPictureWorker =
  /** `seq` is the update's number; null for what is no update. */
  | { readonly t: 'done'; readonly id: number; readonly seq: number | null }
  | { readonly t: 'refused'; readonly id: number; readonly code: RefusalCode }
  | { readonly t: 'layout'; readonly layout: ScreenLayout }
  | { readonly t: 'cursor'; readonly cursor: CursorShape }
  | { readonly t: 'pixels'; readonly id: number; readonly pixels: Pixels }
  /** Only while a film is running, frames are of use. */
  | { readonly t: 'film-running'; readonly isRunning: boolean }
  | { readonly t: 'film-taken' }
  /** The first frame of the film with this id is on the canvas. */
  | { readonly t: 'film-shown'; readonly id: number }

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray
}
