import type { KeyCode } from '../../../protocol/key-codes.ts'
import type { Key } from './input-steps.ts'

/**
 * Where a key is on the keyboard (its scan code of set 1) and what Windows calls it (its virtual key). Of a key that
 * bears a character the layout decides what it is called; the one here is the American one.
 */
export interface KeyPlace extends Key {
  readonly bearsCharacter: boolean
  /** What the number pad's key is with Num Lock off. */
  readonly withoutNumLock?: number
}

type Row = readonly [code: KeyCode, scanCode: number, virtualKey: number, withoutNumLock?: number]

const ascii = (character: string) => character.charCodeAt(0)
const letters = (row: string, firstScanCode: number): Row[] =>
  [...row].map((letter, index) => [`Key${letter}` as KeyCode, firstScanCode + index, ascii(letter)])

const CHARACTERS: readonly Row[] = [
  ...letters('QWERTYUIOP', 0x10),
  ...letters('ASDFGHJKL', 0x1e),
  ...letters('ZXCVBNM', 0x2c),
  ...[...'1234567890'].map((digit, index): Row => [`Digit${digit}` as KeyCode, 2 + index, ascii(digit)]),
  ['Minus', 0x0c, 0xbd],
  ['Equal', 0x0d, 0xbb],
  ['BracketLeft', 0x1a, 0xdb],
  ['BracketRight', 0x1b, 0xdd],
  ['Semicolon', 0x27, 0xba],
  ['Quote', 0x28, 0xde],
  ['Backquote', 0x29, 0xc0],
  ['Backslash', 0x2b, 0xdc],
  ['Comma', 0x33, 0xbc],
  ['Period', 0x34, 0xbe],
  ['Slash', 0x35, 0xbf],
  ['Space', 0x39, 0x20],
  ['IntlBackslash', 0x56, 0xe2],
  ['IntlRo', 0x73, 0xc1],
  ['IntlYen', 0x7d, 0xdc],
]

const PLAIN: readonly Row[] = [
  ['Escape', 0x01, 0x1b],
  ['Backspace', 0x0e, 0x08],
  ['Tab', 0x0f, 0x09],
  ['Enter', 0x1c, 0x0d],
  ['CapsLock', 0x3a, 0x14],
  ['ScrollLock', 0x46, 0x91],
  ['Pause', 0x45, 0x13],
  ...Array.from({ length: 10 }, (_, n): Row => [`F${n + 1}` as KeyCode, 0x3b + n, 0x70 + n]),
  ['F11', 0x57, 0x7a],
  ['F12', 0x58, 0x7b],
  ['ShiftLeft', 0x2a, 0xa0],
  ['ControlLeft', 0x1d, 0xa2],
  ['AltLeft', 0x38, 0xa4],
  ['NumpadMultiply', 0x37, 0x6a],
  ['Numpad7', 0x47, 0x67, 0x24],
  ['Numpad8', 0x48, 0x68, 0x26],
  ['Numpad9', 0x49, 0x69, 0x21],
  ['NumpadSubtract', 0x4a, 0x6d],
  ['Numpad4', 0x4b, 0x64, 0x25],
  ['Numpad5', 0x4c, 0x65, 0x0c],
  ['Numpad6', 0x4d, 0x66, 0x27],
  ['NumpadAdd', 0x4e, 0x6b],
  ['Numpad1', 0x4f, 0x61, 0x23],
  ['Numpad2', 0x50, 0x62, 0x28],
  ['Numpad3', 0x51, 0x63, 0x22],
  ['Numpad0', 0x52, 0x60, 0x2d],
  ['NumpadDecimal', 0x53, 0x6e, 0x2e],
]

/** Keys that came with the keyboard of 101 keys: their scan code begins with E0. */
const EXTENDED: readonly Row[] = [
  ['NumpadEnter', 0x1c, 0x0d],
  ['ControlRight', 0x1d, 0xa3],
  ['NumpadDivide', 0x35, 0x6f],
  // Its scan code has no E0, yet Windows tells it from the left one only by this flag.
  ['ShiftRight', 0x36, 0xa1],
  ['PrintScreen', 0x37, 0x2c],
  ['AltRight', 0x38, 0xa5],
  ['NumLock', 0x45, 0x90],
  ['Home', 0x47, 0x24],
  ['ArrowUp', 0x48, 0x26],
  ['PageUp', 0x49, 0x21],
  ['ArrowLeft', 0x4b, 0x25],
  ['ArrowRight', 0x4d, 0x27],
  ['End', 0x4f, 0x23],
  ['ArrowDown', 0x50, 0x28],
  ['PageDown', 0x51, 0x22],
  ['Insert', 0x52, 0x2d],
  ['Delete', 0x53, 0x2e],
  ['MetaLeft', 0x5b, 0x5b],
  ['MetaRight', 0x5c, 0x5c],
  ['ContextMenu', 0x5d, 0x5d],
]

const places = (rows: readonly Row[], looks: { bearsCharacter: boolean; isExtended: boolean }) =>
  rows.map(([code, scanCode, virtualKey, withoutNumLock]): [KeyCode, KeyPlace] => [
    code,
    { scanCode, virtualKey, ...looks, ...(withoutNumLock === undefined ? {} : { withoutNumLock }) },
  ])

/** Every key of the protocol. */
export const KEY_PLACES: ReadonlyMap<KeyCode, KeyPlace> = new Map([
  ...places(CHARACTERS, { bearsCharacter: true, isExtended: false }),
  ...places(PLAIN, { bearsCharacter: false, isExtended: false }),
  ...places(EXTENDED, { bearsCharacter: false, isExtended: true }),
])
