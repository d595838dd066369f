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

/** Picture worker → page. */
export type FromPictureWorker =
  | { readonly t: 'done'; readonly id: number }
  | { readonly t: 'refused'; readonly id: number; readonly code: RefusalCode }
  | { readonly t: 'layout'; readonly layout: ScreenLayout }
  | { readonly t: 'cursor'; readonly cursor: CursorShape }
  | { readonly t: 'pixels'; readonly id: number; readonly pixels: Pixels }

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray
}
