import type { I420Frame } from '../../peer/wrtc.ts'
import type { StillsContent } from '../../protocol/messages/entry.ts'
import type { CursorLooks, PictureUpdate } from '../../protocol/messages/picture.ts'
import type { Desktop } from '../desktop/port.ts'
import type { Unavailability } from '../desktop/unavailable.ts'
import type { LineNow } from './coder-choice.ts'

/** What the worker is given at its start. */
export interface WorkerOptions {
  readonly desktopKind: Desktop['kind']
  readonly display?: string | undefined
  readonly stillsIntervalMs: number
}

/** Agent's main thread → picture worker. */
export type ToWorker =
  | { readonly t: 'request'; readonly line: LineNow }
  /** `line`: set where an update was asked for that has not come; one still on its way will be thrown away. */
  | { readonly t: 'refresh'; readonly epoch: number; readonly line: LineNow | undefined }
  | { readonly t: 'film-shown'; readonly id: number }
  | { readonly t: 'close' }

/** Picture worker → agent's main thread. Payloads are moved, not copied. */
export type FromWorker =
  | { readonly t: 'ready' }
  | {
      readonly t: 'update'
      readonly update: Omit<PictureUpdate, 't' | 'seq'>
      readonly payload: Uint8Array
      readonly capturedAtMs: number
      readonly epoch: number
    }
  | { readonly t: 'film-frame'; readonly frame: I420Frame; readonly epoch: number }
  | { readonly t: 'looks'; readonly looks: Omit<CursorLooks, 't'>; readonly deflated: Uint8Array }
  | { readonly t: 'place'; readonly x: number; readonly y: number }
  | {
      readonly t: 'stills'
      readonly content: Omit<StillsContent, 't'>
      readonly payload: Uint8Array
      readonly keyframe: boolean
      readonly coversUntilMs: number
    }
  | { readonly t: 'failed'; readonly message: string; readonly why?: Unavailability }
