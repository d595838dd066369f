import type { GroupName } from '../../peer/recording/session-key.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { Happening, Verdict } from './happening.ts'
import type { Brought } from './key-ring.ts'

/** The page to the worker that holds the keys and draws. */
export type ToPlaybackWorker =
  | { readonly t: 'begin'; readonly canvas: OffscreenCanvas; readonly wraps: Uint8Array }
  /** A key file's bytes; they are gone from the page. */
  | { readonly t: 'key'; readonly id: number; readonly file: Uint8Array; readonly passphrase: string | null }
  | { readonly t: 'take-back'; readonly group: GroupName }
  | {
      readonly t: 'entries'
      readonly id: number
      readonly from: number
      readonly entries: readonly Uint8Array[]
    }
  /** Answers `fetch`; null where it could not be had. */
  | { readonly t: 'fetched'; readonly from: number; readonly entries: readonly Uint8Array[] | null }
  /** Show the screen as it was after this entry. Of several only the last counts. */
  | { readonly t: 'show'; readonly entry: number }
  | { readonly t: 'read'; readonly id: number }

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

export interface Shown {
  readonly entry: number
  readonly layout: ScreenLayout
  /** False where something of it could not be read. */
  readonly isWhole: boolean
  /** Images decoded for it. */
  readonly decoded: number
}

export type FromPlaybackWorker =
  | { readonly t: 'key-answer'; readonly id: number; readonly brought: Brought; readonly isOpen: boolean }
  | {
      readonly t: 'happened'
      readonly id: number
      readonly happenings: readonly Happening[]
      readonly verdict: Verdict
    }
  | { readonly t: 'fetch'; readonly from: number }
  | { readonly t: 'shown'; readonly shown: Shown }
  /** The picture after this entry could not be made, as its bytes were not to be had. */
  | { readonly t: 'not-shown'; readonly entry: number }
  | { readonly t: 'pixels'; readonly id: number; readonly pixels: Pixels }
