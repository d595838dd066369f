import { isAPlace } from './key-places.ts'
import { groupOf, type KeyboardMap, levelOf } from './keyboard-map.ts'
import { characterOf } from './keysyms.ts'

/** One key, and the keys that are held meanwhile for its level. */
export interface Stroke {
  readonly keycode: number
  readonly held: readonly number[]
}

/** What counts of the keyboard's state when it is typed on. */
export interface Typing {
  /** The layout in use, where the map has several. */
  readonly group: number
  /** Modifiers that are on without any key being down. */
  readonly locked: number
}

/** Shift_L, Shift_R, ISO_Level3_Shift, ISO_Level5_Shift. */
const LEVEL_SHIFTS: readonly number[] = [0xffe1, 0xffe2, 0xfe03, 0xfe11]
/** On these keys of the number block stands a character that their keysym is not. */
const KEYPAD_SIGNS: Readonly<Record<string, number>> = { '*': 0xffaa, '+': 0xffab, '-': 0xffad, '/': 0xffaf }

/**
 * Every character that this map has keys for in this state, each with the fewest keys to hold. Only keys of a usual
 * keyboard count: behind them are odd ones, e.g. for "(" alone, and those that `borrowed-keys.ts` lends.
 */
export function strokesOf(map: KeyboardMap, { group, locked }: Typing): ReadonlyMap<string, Stroke> {
  const strokes = new Map<string, Stroke>()
  for (const held of heldCombinations(levelKeysOf(map, group))) {
    const modifiers = held.reduce((all, [modifier]) => all | modifier, locked)
    for (const [keycode, key] of map.keys) {
      const found = groupOf(key, group)
      if (!found || !isAPlace(keycode)) continue
      const character = characterOf(found.keysyms[levelOf(found.type, modifiers)] ?? 0)
      if (character === undefined || strokes.has(character)) continue
      strokes.set(character, { keycode, held: held.map(([, code]) => code) })
    }
  }
  return strokes
}

/**
 * The key that has this character on it without any other key being held; in another layout of the same keyboard too,
 * since who writes Russian presses Ctrl and the key that is C when they write English.
 */
export function keyOf(map: KeyboardMap, group: number, character: string): number | undefined {
  const keyWith = (wanted: (keysym: number) => boolean, inGroup: number) => {
    for (const [keycode, key] of map.keys) {
      if (isAPlace(keycode) && wanted(groupOf(key, inGroup)?.keysyms[0] ?? 0)) return keycode
    }
    return undefined
  }
  for (const inGroup of [group, 0, 1, 2, 3]) {
    const keycode = keyWith((keysym) => characterOf(keysym) === character, inGroup)
    if (keycode !== undefined) return keycode
  }
  const sign = KEYPAD_SIGNS[character]
  return sign === undefined ? undefined : keyWith((keysym) => keysym === sign, group)
}

/**
 * A key for each modifier that is a level, i.e. Shift and what AltGr is; pressing it sets nothing else. Preferably one
 * of a usual keyboard: virtual machines know no other.
 */
export function levelKeysOf(map: KeyboardMap, group: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const [keycode, key] of map.keys) {
    const { keysyms = [], sets = 0 } = groupOf(key, group) ?? {}
    if (sets === 0 || !LEVEL_SHIFTS.includes(keysyms[0] ?? 0)) continue
    const known = found.get(sets)
    if (known === undefined || (isAPlace(keycode) && !isAPlace(known))) found.set(sets, keycode)
  }
  return found
}

/** None, each alone, then several; as pairs of modifier and key. */
function heldCombinations(
  levelKeys: ReadonlyMap<number, number>,
): (readonly (readonly [number, number])[])[] {
  const all = [...levelKeys]
  const combinations = Array.from({ length: 1 << all.length }, (_, bits) =>
    all.filter((_, index) => (bits >> index) & 1),
  )
  return combinations.sort((a, b) => a.length - b.length)
}
