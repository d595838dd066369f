import type { KeyMove } from './keyboard.ts'
import type { Flags } from './modifiers.ts'

/** `keyCode` of a key that an input method is working on; one browser says it by nothing else. */
const IN_COMPOSITION = 229

/** On a Mac the Option key makes characters, as AltGr does elsewhere. */
const hasOption = /Mac|iPhone|iPad/.test(navigator.platform)

export function flagsOf(event: MouseEvent | KeyboardEvent): Flags {
  const isOption = hasOption && event.altKey && !event.ctrlKey && !event.metaKey
  return {
    Shift: event.shiftKey,
    Control: event.ctrlKey,
    Alt: event.altKey,
    Meta: event.metaKey,
    isAltGraph: event.getModifierState('AltGraph') || isOption,
  }
}

export function keyMoveOf(event: KeyboardEvent, t: KeyMove['t'], isDragging: boolean): KeyMove {
  return {
    t,
    key: event.key,
    code: event.code,
    isRepeat: event.repeat,
    isComposing: event.isComposing || event.keyCode === IN_COMPOSITION,
    flags: flagsOf(event),
    isDragging,
  }
}
