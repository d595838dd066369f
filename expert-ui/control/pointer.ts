import type { PointerButton } from '../../protocol/messages/input.ts'
import type { PixelUnder } from '../picture/viewport.ts'
import type { Deed } from './deed.ts'

/** The expert's pointer, as deeds at the customer's. Pure: events in, deeds out. */
export interface Pointer {
  /** Buttons that are down on the expert's desk, as in `MouseEvent.buttons`. */
  readonly pressed: number
  /** Of these, the ones that are down at the customer. */
  readonly held: number
  /** Where it was last, inside or as near as it came. */
  readonly place: PixelUnder | null
  /** A move that waits for the next frame. */
  readonly isWaiting: boolean
}

export const NO_POINTER: Pointer = { pressed: 0, held: 0, place: null, isWaiting: false }

export type PointerInput =
  /** It moved, or a button changed: one event may tell of both, and of several buttons. */
  | {
      readonly t: 'pointer'
      readonly buttons: number
      readonly place: PixelUnder
      readonly isSteering: boolean
    }
  /** A frame is shown, or something else needs the pointer to be where it is. */
  | { readonly t: 'frame' }
  /** Its events ended without a release. */
  | { readonly t: 'lost'; readonly buttons: number }

export interface PointerStep {
  readonly pointer: Pointer
  readonly deeds: readonly Deed[]
}

/** Bits of `MouseEvent.buttons`. */
const BITS: readonly (readonly [bit: number, button: PointerButton])[] = [
  [1, 'left'],
  [2, 'right'],
  [4, 'middle'],
  [8, 'back'],
  [16, 'forward'],
]

export function stepPointer(before: Pointer, event: PointerInput): PointerStep {
  switch (event.t) {
    case 'pointer':
      return event.isSteering ? pointed(before, event.buttons, event.place) : watched(event.buttons)
    case 'frame': {
      const { place, isWaiting } = before
      if (!isWaiting || !place) return { pointer: before, deeds: [] }
      return { pointer: { ...before, isWaiting: false }, deeds: [{ t: 'at', x: place.x, y: place.y }] }
    }
    case 'lost': {
      const { place, held } = before
      const released = { ...before, pressed: event.buttons, held: 0 }
      return { pointer: released, deeds: place ? changes(held, 0, place) : [] }
    }
  }
}

/** What is pressed while the expert may not steer must be pressed anew once they may. */
function watched(buttons: number): PointerStep {
  return { pointer: { ...NO_POINTER, pressed: buttons }, deeds: [] }
}

function pointed(before: Pointer, buttons: number, place: PixelUnder): PointerStep {
  const kept = before.held & buttons
  // A drag goes on wherever it is led; anything else counts only on the picture.
  const started = place.isInside || kept !== 0 ? buttons & ~before.pressed : 0
  const held = kept | started
  const deeds = changes(before.held, held, place)
  const hasMoved = place.x !== before.place?.x || place.y !== before.place.y
  const isMeant = place.isInside || held !== 0 || before.held !== 0
  // A button says where it is: a move before it is of no more use.
  const isWaiting = deeds.length === 0 && (before.isWaiting || (isMeant && hasMoved))
  return { pointer: { pressed: buttons, held, place: isMeant ? place : before.place, isWaiting }, deeds }
}

function changes(from: number, to: number, { x, y }: PixelUnder): Deed[] {
  return BITS.filter(([bit]) => (from & bit) !== (to & bit)).map(([bit, button]) => ({
    t: 'button',
    button,
    isDown: (to & bit) !== 0,
    x,
    y,
  }))
}
