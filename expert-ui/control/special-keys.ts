import type { KeyCode } from '../../protocol/key-codes.ts'

/** Keys that the expert's own system or browser keeps for itself, by the name of their sentence in `i18n/`. */
export const SPECIAL_KEYS = [
  ['alt-tab', ['AltLeft', 'Tab']],
  ['windows', ['MetaLeft']],
  ['alt-f4', ['AltLeft', 'F4']],
  ['ctrl-esc', ['ControlLeft', 'Escape']],
  ['print', ['PrintScreen']],
  ['menu', ['ContextMenu']],
  ['esc', ['Escape']],
] as const satisfies readonly (readonly [name: string, codes: readonly KeyCode[]])[]

export const CTRL_ALT_DEL = ['ControlLeft', 'AltLeft', 'Delete'] as const satisfies readonly KeyCode[]

export const FUNCTION_KEYS = [
  'F1',
  'F2',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F12',
] as const satisfies readonly KeyCode[]

/** What is printed on keys, where it differs from one language to the other: names of words in `i18n/`. */
const CAPS: Partial<Record<KeyCode, string>> = {
  ControlLeft: 'ctrl',
  AltLeft: 'alt',
  ShiftLeft: 'shift',
  MetaLeft: 'windows',
  Delete: 'delete',
  Escape: 'escape',
  Tab: 'tab',
  PrintScreen: 'print',
  ContextMenu: 'menu',
}

/** Name of the word on this key, or null where its code is what is printed on it. */
export function capOf(code: KeyCode): string | null {
  return CAPS[code] ?? null
}
