import type { PointerButton } from '../../../protocol/messages/input.ts'

/** One INPUT of SendInput, in Windows' own terms. What it needs besides, the tag above all, is added when it is sent. */
export type InputStep =
  | {
      readonly device: 'mouse'
      readonly flags: number
      /** 0 to 65535 over the virtual screen. */
      readonly dx?: number
      readonly dy?: number
      readonly data?: number
    }
  | {
      readonly device: 'key'
      readonly virtualKey: number
      readonly scanCode: number
      readonly flags: number
    }

/** Whatever we inject carries this in `dwExtraInfo`, so that it is known as ours even where a driver strips the flag. */
export const OWN_TAG = 0x10754e

const MOUSE_MOVE = 0x0001
const MOUSE_WHEEL = 0x0800
const MOUSE_HORIZONTAL_WHEEL = 0x1000
const MOUSE_VIRTUAL_DESK = 0x4000
const MOUSE_ABSOLUTE = 0x8000
const KEY_EXTENDED = 0x0001
const KEY_UP = 0x0002
const KEY_UNICODE = 0x0004
const TAB = 0x09
const RETURN = 0x0d
/** No keyboard has it and no program acts on it. */
const UNASSIGNED = 0xe8

export interface Key {
  readonly virtualKey: number
  readonly scanCode: number
  readonly isExtended: boolean
}

export function keyStep({ virtualKey, scanCode, isExtended }: Key, isDown: boolean): InputStep {
  const flags = (isExtended ? KEY_EXTENDED : 0) | (isDown ? 0 : KEY_UP)
  return { device: 'key', virtualKey, scanCode, flags }
}

/**
 * Alt or Win that goes up with nothing pressed in between opens a menu. A stroke of the key that nobody has, put in
 * between, keeps it shut.
 */
export const MENU_GUARD: readonly InputStep[] = strokeOf(UNASSIGNED, 0)

/** `at` is where on the virtual screen of `size` pixels; Windows cuts `value * size / 65536`, so the pixel's middle. */
export function absolutePlace(at: number, size: number): number {
  const inside = Math.min(Math.max(Math.trunc(at), 0), size - 1)
  return Math.floor(((inside + 0.5) * 65536) / size)
}

/** @param screen the virtual screen's size in pixels */
export function moveStep(
  x: number,
  y: number,
  screen: { readonly width: number; readonly height: number },
): InputStep {
  return {
    device: 'mouse',
    flags: MOUSE_MOVE | MOUSE_ABSOLUTE | MOUSE_VIRTUAL_DESK,
    dx: absolutePlace(x, screen.width),
    dy: absolutePlace(y, screen.height),
  }
}

/** The flag of a button that goes down, and which of the extra buttons it is; up is the next bit. */
const BUTTONS: Readonly<Record<PointerButton, { flag: number; data: number }>> = {
  left: { flag: 0x0002, data: 0 },
  right: { flag: 0x0008, data: 0 },
  middle: { flag: 0x0020, data: 0 },
  back: { flag: 0x0080, data: 1 },
  forward: { flag: 0x0080, data: 2 },
}

/** @param isSwapped the customer's mouse is left-handed: Windows swaps what we inject as well, so we do it before. */
export function buttonStep(button: PointerButton, isDown: boolean, isSwapped: boolean): InputStep {
  const swapped = button === 'left' ? 'right' : button === 'right' ? 'left' : button
  const { flag, data } = BUTTONS[isSwapped ? swapped : button]
  return { device: 'mouse', flags: isDown ? flag : flag << 1, data }
}

/** In 1/120 of a notch, right and down; Windows counts up as positive. */
export function wheelSteps(dx: number, dy: number): InputStep[] {
  const steps: InputStep[] = []
  if (dy !== 0) steps.push({ device: 'mouse', flags: MOUSE_WHEEL, data: -dy >>> 0 })
  if (dx !== 0) steps.push({ device: 'mouse', flags: MOUSE_HORIZONTAL_WHEEL, data: dx >>> 0 })
  return steps
}

/**
 * Text as Windows takes it past every layout: one packet for each UTF-16 unit. Enter and Tab are keys, since programs
 * wait for those; other control characters and halves of a pair are passed over.
 */
export function textSteps(text: string): InputStep[] {
  return [...text].flatMap((character) => {
    if (character === '\n') return strokeOf(RETURN, 0x1c)
    if (character === '\t') return strokeOf(TAB, 0x0f)
    if (/[\p{Cc}\p{Cs}]/u.test(character)) return []
    return character.split('').flatMap((unit): InputStep[] => {
      const packet = { device: 'key', virtualKey: 0, scanCode: unit.charCodeAt(0) } as const
      return [
        { ...packet, flags: KEY_UNICODE },
        { ...packet, flags: KEY_UNICODE | KEY_UP },
      ]
    })
  })
}

function strokeOf(virtualKey: number, scanCode: number): InputStep[] {
  const key = { virtualKey, scanCode, isExtended: false }
  return [keyStep(key, true), keyStep(key, false)]
}
