import { KEY_CODES, type KeyCode } from '../../protocol/key-codes.ts'
import type { Deed } from './deed.ts'
import {
  agree,
  drop,
  type Flags,
  isWayOut,
  kindOf,
  lift,
  type Modifiers,
  modifierOf,
  press,
  release,
  send,
  withoutAnnouncedControl,
} from './modifiers.ts'

/**
 * The expert's keyboard, as deeds at the customer's [K5]. Characters are left to the browser, which knows the expert's
 * layout, dead keys and input methods, and come back as `text`; keys are sent where there is no character, or where
 * Control, Alt or Meta makes a shortcut of it. Pure: events in, deeds out.
 */
export interface Keyboard {
  readonly modifiers: Modifiers
  /** Keys that are down at the customer, by their place on the expert's keyboard. */
  readonly down: ReadonlyMap<string, KeyCode>
}

export const NO_KEYS: Keyboard = { modifiers: new Map(), down: new Map() }

/** One `keydown` or `keyup`. */
export interface KeyMove {
  readonly t: 'down' | 'up'
  readonly key: string
  /** Place on the expert's keyboard, W3C UI Events `code`. */
  readonly code: string
  readonly isRepeat: boolean
  readonly isComposing: boolean
  readonly flags: Flags
  /** A mouse button is down at the customer. */
  readonly isDragging: boolean
}

export type KeyboardInput =
  | KeyMove
  /** The browser made characters. */
  | { readonly t: 'text'; readonly text: string }
  /** A mouse button goes down or up, or the wheel turns. */
  | { readonly t: 'use'; readonly flags: Flags }
  /** Any other event that says what is held no longer. */
  | { readonly t: 'flags'; readonly flags: Flags }

export interface KeyboardStep {
  readonly keyboard: Keyboard
  readonly deeds: readonly Deed[]
  /** True where the browser must not act on the key by itself. */
  readonly isTaken: boolean
  /** The expert takes the keyboard back from the customer's screen. */
  readonly isLeaving: boolean
}

/** Keys that are no key yet: the browser is in the middle of making a character. */
const UNFINISHED = ['Dead', 'Process', 'Unidentified', 'Compose']
/** The browser applies these itself before it says what a key means. */
const APPLIED_HERE = ['CapsLock', 'NumLock']

export function stepKeyboard(before: Keyboard, event: KeyboardInput): KeyboardStep {
  switch (event.t) {
    case 'down':
      return keyDown(before, event)
    case 'up':
      return keyUp(before, event)
    case 'text': {
      const { modifiers, deeds } = lift(before.modifiers)
      const text = event.text.replace(/\r\n?/g, '\n')
      return step({ ...before, modifiers }, text === '' ? deeds : [...deeds, { t: 'text', text }])
    }
    case 'use': {
      const agreed = agree(before.modifiers, event.flags, null)
      const { modifiers, deeds } = send(agreed.modifiers)
      return step({ ...before, modifiers }, [...agreed.deeds, ...deeds])
    }
    case 'flags': {
      const { modifiers, deeds } = drop(before.modifiers, event.flags, null)
      return step({ ...before, modifiers }, deeds)
    }
  }
}

function step(keyboard: Keyboard, deeds: readonly Deed[], isTaken = false): KeyboardStep {
  return { keyboard, deeds, isTaken, isLeaving: false }
}

function keyDown(before: Keyboard, event: KeyMove): KeyboardStep {
  const { key, code, flags } = event
  if (event.isComposing || UNFINISHED.includes(key)) return step(before, [])
  if (key === 'AltGraph') {
    return step({ ...before, modifiers: withoutAnnouncedControl(before.modifiers) }, [])
  }
  const modifier = modifierOf(key, code, flags)
  if (modifier) {
    // Alone, Alt and Meta would open a menu of the expert's own browser or system.
    const isTaken = ['Alt', 'Meta'].includes(kindOf(modifier))
    if (event.isRepeat || before.modifiers.has(code)) return step(before, [], isTaken)
    const agreed = agree(before.modifiers, flags, kindOf(modifier))
    const held = press(agreed.modifiers, code, modifier)
    // What is being dragged changes at once with what is held.
    const needed = event.isDragging ? send(held) : { modifiers: held, deeds: [] }
    return step({ ...before, modifiers: needed.modifiers }, [...agreed.deeds, ...needed.deeds], isTaken)
  }
  const agreed = agree(before.modifiers, flags, null)
  const keyboard = { ...before, modifiers: agreed.modifiers }
  if (isCharacter(key)) {
    const isShortcut = (flags.Control || flags.Alt || flags.Meta) && !flags.isAltGraph
    // A key that went down as part of a shortcut never turns into text.
    if (!isShortcut) return step(keyboard, agreed.deeds, before.down.has(code))
  }
  return sendKey(keyboard, event, agreed.deeds)
}

/** The key itself goes down at the customer, once more where it repeats. */
function sendKey(before: Keyboard, event: KeyMove, deeds: readonly Deed[]): KeyboardStep {
  const { key, code: place } = event
  const code = keyCodeOf(event)
  if (!code) return step(before, deeds)
  // A key that was held before it concerned the customer starts with its next press.
  if (event.isRepeat && !before.down.has(place)) return step(before, deeds, true)
  const needed = send(before.modifiers)
  const character = isCharacter(key) ? key.toLowerCase() : ''
  const deed: Deed = { t: 'key', code, isDown: true }
  return step(
    { modifiers: needed.modifiers, down: new Map(before.down).set(place, code) },
    [...deeds, ...needed.deeds, fitsMessage(character) ? { ...deed, character } : deed],
    true,
  )
}

function keyUp(before: Keyboard, event: KeyMove): KeyboardStep {
  const { code: place, key, flags } = event
  const code = before.down.get(place)
  if (code) {
    const down = new Map(before.down)
    down.delete(place)
    return step({ ...before, down }, [{ t: 'key', code, isDown: false }], true)
  }
  const held = before.modifiers.get(place)
  if (held) {
    if (isWayOut(before.modifiers)) return { ...step(NO_KEYS, [], true), isLeaving: true }
    // A Mac tells of no release while Command is held.
    const stuck: Deed[] =
      kindOf(held.code) === 'Meta'
        ? [...before.down.values()].map((code) => ({ t: 'key', code, isDown: false }))
        : []
    const { modifiers, deeds } = release(before.modifiers, place)
    const down = stuck.length > 0 ? new Map() : before.down
    return step({ modifiers, down }, [...stuck, ...deeds], true)
  }
  // Windows tells of this key's release alone.
  if (key === 'PrintScreen') {
    const pressed = sendKey(before, { ...event, isRepeat: false }, [])
    return { ...pressed, ...step(before, [...pressed.deeds, { t: 'key', code: key, isDown: false }], true) }
  }
  const { modifiers, deeds } = drop(before.modifiers, flags, modifierKindOf(event))
  return step({ ...before, modifiers }, deeds)
}

function modifierKindOf({ key, code, flags }: KeyMove) {
  const modifier = modifierOf(key, code, flags)
  return modifier && kindOf(modifier)
}

/** Browsers name every other key by at least two ASCII letters. */
function isCharacter(key: string): boolean {
  return [...key].length === 1
}

function fitsMessage(character: string): boolean {
  return character.length > 0 && character.length <= 2
}

/**
 * By what the key means to the expert, so that exchanged keys and a number pad without NumLock do what they say; a
 * character's key by its place.
 */
function keyCodeOf({ key, code }: KeyMove): KeyCode | null {
  if (key === 'Enter' && code === 'NumpadEnter') return code
  if (APPLIED_HERE.includes(key)) return null
  if (isCharacter(key)) return KEY_CODES.find((known) => known === code) ?? null
  // Pause with Control.
  if (key === 'Cancel') return 'Pause'
  return KEY_CODES.find((known) => known === key) ?? null
}
