import { MODIFIER_CODES } from '../../protocol/key-codes.ts'
import type { Deed } from './deed.ts'

export type ModifierCode = (typeof MODIFIER_CODES)[number]
export type ModifierKind = 'Shift' | 'Control' | 'Alt' | 'Meta'
const KINDS: readonly ModifierKind[] = ['Shift', 'Control', 'Alt', 'Meta']

/** What an event says is held, as browsers report it. */
export interface Flags {
  readonly Shift: boolean
  readonly Control: boolean
  readonly Alt: boolean
  readonly Meta: boolean
  /** AltGr makes characters and is never a modifier at the customer; on a Mac that is what Option does. */
  readonly isAltGraph: boolean
}

/** A modifier the expert holds. It reaches the customer only once something needs it. */
export interface HeldModifier {
  readonly code: ModifierCode
  readonly isSent: boolean
  /** Something was pressed, typed or turned meanwhile. */
  readonly isUsed: boolean
  /** No other modifier was held at any time meanwhile. */
  readonly isAlone: boolean
}

/** By the key's place on the expert's keyboard. */
export type Modifiers = ReadonlyMap<string, HeldModifier>

export interface ModifierStep {
  readonly modifiers: Modifiers
  readonly deeds: readonly Deed[]
}

export function kindOf(code: ModifierCode): ModifierKind {
  return KINDS.find((kind) => code.startsWith(kind))!
}

/**
 * Which modifier a key is, or null. The key's name alone does not tell: X11 calls Alt with Shift "Meta". Its place
 * alone neither: people exchange their keys.
 */
export function modifierOf(key: string, code: string, flags: Flags): ModifierCode | null {
  const named = KINDS.find((kind) => kind === key)
  if (!named) return null
  const placed = MODIFIER_CODES.find((modifier) => modifier === code)
  const kind = placed && flags[kindOf(placed)] ? kindOf(placed) : named
  return `${kind}${code.endsWith('Right') ? 'Right' : 'Left'}`
}

export function press(modifiers: Modifiers, place: string, code: ModifierCode): Modifiers {
  const held = new Map([...modifiers].map(([at, one]) => [at, { ...one, isAlone: false }]))
  return held.set(place, { code, isSent: false, isUsed: false, isAlone: modifiers.size === 0 })
}

/** Alt or Meta pressed and released with nothing between opens a menu at the customer as well. */
export function release(modifiers: Modifiers, place: string): ModifierStep {
  const held = modifiers.get(place)
  if (!held) return { modifiers, deeds: [] }
  const rest = new Map(modifiers)
  rest.delete(place)
  const isTap = !held.isUsed && held.isAlone && ['Alt', 'Meta'].includes(kindOf(held.code))
  if (!held.isSent) return { modifiers: rest, deeds: isTap ? [down(held), up(held)] : [] }
  return { modifiers: rest, deeds: [up(held)] }
}

/** A key, button or wheel needs them: all that are held go down at the customer. */
export function send(modifiers: Modifiers): ModifierStep {
  return {
    modifiers: mapped(modifiers, (one) => ({ ...one, isSent: true, isUsed: true })),
    deeds: [...modifiers.values()].filter(({ isSent }) => !isSent).map(down),
  }
}

/** Text comes: no modifier may be down at the customer, or it would become a shortcut. */
export function lift(modifiers: Modifiers): ModifierStep {
  return {
    modifiers: mapped(modifiers, (one) => ({ ...one, isSent: false, isUsed: true })),
    deeds: [...modifiers.values()].filter(({ isSent }) => isSent).map(up),
  }
}

/**
 * Believes an event that says a modifier is up: its release can happen where the page does not see it.
 * @param own the kind of the event's own key: browsers disagree on whether its flag is set yet
 */
export function drop(modifiers: Modifiers, flags: Flags, own: ModifierKind | null): ModifierStep {
  const kinds = told(flags, own).filter((kind) => !flags[kind])
  const gone = [...modifiers].filter(([, { code }]) => kinds.includes(kindOf(code)))
  const places = gone.map(([place]) => place)
  return {
    modifiers: new Map([...modifiers].filter(([place]) => !places.includes(place))),
    deeds: gone.filter(([, { isSent }]) => isSent).map(([, one]) => up(one)),
  }
}

/** Believes an event that says a modifier is held, too: it may have been pressed before the page could see it. */
export function agree(modifiers: Modifiers, flags: Flags, own: ModifierKind | null): ModifierStep {
  const { modifiers: left, deeds } = drop(modifiers, flags, own)
  const held = new Map(left)
  for (const kind of unseen(left, flags, own))
    held.set(`${kind}Left`, { code: `${kind}Left`, isSent: false, isUsed: true, isAlone: false })
  return { modifiers: held, deeds }
}

/** Kinds that an event says are held, and whose press was not seen. */
export function unseen(
  modifiers: Modifiers,
  flags: Flags,
  own: ModifierKind | null,
): readonly ModifierKind[] {
  const seen = [...modifiers.values()].map(({ code }) => kindOf(code))
  return told(flags, own).filter((kind) => flags[kind] && !seen.includes(kind))
}

/** Windows takes the flags of Control and Alt away while AltGr is held. */
function told(flags: Flags, own: ModifierKind | null): readonly ModifierKind[] {
  const hidden = flags.isAltGraph ? ['Control', 'Alt'] : []
  return KINDS.filter((kind) => kind !== own && !hidden.includes(kind))
}

/** Windows announces AltGr by a Control that nobody pressed. */
export function withoutAnnouncedControl(modifiers: Modifiers): Modifiers {
  const control = modifiers.get('ControlLeft')
  if (!control || control.isSent || control.isUsed) return modifiers
  const rest = new Map(modifiers)
  rest.delete('ControlLeft')
  return rest
}

/** Control, Alt and Shift, all three and nothing with them. */
export function isWayOut(modifiers: Modifiers): boolean {
  const held = [...modifiers.values()]
  const kinds = new Set(held.map(({ code }) => kindOf(code)))
  return kinds.size === 3 && !kinds.has('Meta') && held.every(({ isUsed }) => !isUsed)
}

function mapped(modifiers: Modifiers, change: (one: HeldModifier) => HeldModifier): Modifiers {
  return new Map([...modifiers].map(([place, one]) => [place, change(one)]))
}

function down({ code }: HeldModifier): Deed {
  return { t: 'key', code, isDown: true }
}

function up({ code }: HeldModifier): Deed {
  return { t: 'key', code, isDown: false }
}
