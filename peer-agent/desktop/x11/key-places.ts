import type { KeyCode } from '../../../protocol/key-codes.ts'

/** By place, rows from left to right. The kernel numbers keys by place, and X adds 8 (/usr/include/linux/input-event-codes.h). */
const ROWS: readonly (readonly [first: number, codes: readonly KeyCode[]])[] = [
  [9, ['Escape']],
  [10, ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit6', 'Digit7', 'Digit8', 'Digit9', 'Digit0']],
  [20, ['Minus', 'Equal', 'Backspace', 'Tab']],
  [24, ['KeyQ', 'KeyW', 'KeyE', 'KeyR', 'KeyT', 'KeyY', 'KeyU', 'KeyI', 'KeyO', 'KeyP']],
  [34, ['BracketLeft', 'BracketRight', 'Enter', 'ControlLeft']],
  [38, ['KeyA', 'KeyS', 'KeyD', 'KeyF', 'KeyG', 'KeyH', 'KeyJ', 'KeyK', 'KeyL']],
  [47, ['Semicolon', 'Quote', 'Backquote', 'ShiftLeft', 'Backslash']],
  [52, ['KeyZ', 'KeyX', 'KeyC', 'KeyV', 'KeyB', 'KeyN', 'KeyM', 'Comma', 'Period', 'Slash']],
  [62, ['ShiftRight', 'NumpadMultiply', 'AltLeft', 'Space', 'CapsLock']],
  [67, ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'NumLock', 'ScrollLock']],
  [79, ['Numpad7', 'Numpad8', 'Numpad9', 'NumpadSubtract', 'Numpad4', 'Numpad5', 'Numpad6', 'NumpadAdd']],
  [87, ['Numpad1', 'Numpad2', 'Numpad3', 'Numpad0', 'NumpadDecimal']],
  [94, ['IntlBackslash', 'F11', 'F12', 'IntlRo']],
  [104, ['NumpadEnter', 'ControlRight', 'NumpadDivide', 'PrintScreen', 'AltRight']],
  [110, ['Home', 'ArrowUp', 'PageUp', 'ArrowLeft', 'ArrowRight', 'End', 'ArrowDown', 'PageDown']],
  [118, ['Insert', 'Delete']],
  [127, ['Pause']],
  [132, ['IntlYen', 'MetaLeft', 'MetaRight', 'ContextMenu']],
]

const places = new Map(
  ROWS.flatMap(([first, codes]) => codes.map((code, index) => [code, first + index] as const)),
)

const keycodes = new Set(places.values())

/** The X keycode of the key at this place of a usual keyboard. */
export function keycodeAt(code: KeyCode): number {
  return places.get(code)!
}

/** True for keycodes that a key of a usual keyboard has. */
export function isAPlace(keycode: number): boolean {
  return keycodes.has(keycode)
}
