import type { XkbExtension } from 'x11'
import type { XConnection } from './connection.ts'

/**
 * What each key of a keyboard gives, in every group (layout) and on every level, as the X keyboard extension keeps it.
 * Source: "The X Keyboard Extension: Protocol Specification", chapters 12 and 17, request GetMap.
 */
export interface KeyboardMap {
  readonly keys: ReadonlyMap<number, Key>
  /** Keys that change what others type while they are down, in one group at least. */
  readonly modifierKeys: ReadonlySet<number>
}

export interface Key {
  readonly groups: readonly KeyGroup[]
  /** What becomes of a group that the key does not have: 0 wrap, 1 clamp, 2 go to `redirect`. */
  readonly outOfRange: number
  readonly redirect: number
}

export interface KeyGroup {
  readonly type: KeyType
  /** One for each level; 0 is none. */
  readonly keysyms: readonly number[]
  /** Modifiers that are on while the key is down, nothing else being down; 0 for all other keys. */
  readonly sets: number
}

export interface KeyType {
  /** Modifiers that have a say in the level. */
  readonly mask: number
  readonly levels: readonly { readonly modifiers: number; readonly level: number }[]
}

export const SHIFT = 1
export const LOCK = 2

const GET_MAP = 8
const KEY_TYPES = 1 << 0
const KEY_SYMS = 1 << 1
const KEY_ACTIONS = 1 << 4
const SET_MODS = 1
/** SetMods, LatchMods, SetGroup, LatchGroup: what lasts while the key is down. LockMods, e.g. Caps Lock, stays. */
const HOLDING_ACTIONS: readonly number[] = [SET_MODS, 2, 4, 5]

/** @param device as in XInput, or XKB's UseCoreKbd */
export function readKeyboardMap(
  connection: XConnection,
  xkb: XkbExtension,
  device: number,
): Promise<KeyboardMap> {
  const packet = Buffer.alloc(28)
  packet[0] = xkb.majorOpcode
  packet[1] = GET_MAP
  packet.writeUInt16LE(packet.length / 4, 2)
  packet.writeUInt16LE(device, 4)
  packet.writeUInt16LE(KEY_TYPES | KEY_SYMS | KEY_ACTIONS, 6)
  return connection.askRaw(packet, parseMap)
}

/** The group of this key that counts while the keyboard as a whole is in `group`. */
export function groupOf(key: Key, group: number): KeyGroup | undefined {
  const { groups, outOfRange, redirect } = key
  const last = groups.length - 1
  if (group <= last) return groups[group]
  if (outOfRange === 2) return groups[redirect] ?? groups[0]
  return groups[outOfRange === 1 ? last : group % groups.length]
}

export function levelOf(type: KeyType, modifiers: number): number {
  const effective = modifiers & type.mask
  return type.levels.find((entry) => entry.modifiers === effective)?.level ?? 0
}

/** The reply's body is counted from its byte 8, as is usual in this package. */
function parseMap(body: Buffer): KeyboardMap {
  const [typeCount, firstSym, symCount, firstAct, actCount] = [
    body[7]!,
    body[9]!,
    body[12]!,
    body[13]!,
    body[16]!,
  ]
  let at = 32
  const types: KeyType[] = []
  for (let n = 0; n < typeCount; n++) {
    const [mask, entryCount, preserves] = [body[at]!, body[at + 5]!, body[at + 6] !== 0]
    at += 8
    const levels = []
    for (let entry = 0; entry < entryCount; entry++, at += 8) {
      // An entry is inactive when its virtual modifier is bound to no real one: it can never be reached.
      if (body[at] !== 0) levels.push({ modifiers: body[at + 1]!, level: body[at + 2]! })
    }
    if (preserves) at += 4 * entryCount
    types.push({ mask, levels })
  }

  const symbolsAt = at
  for (let left = symCount; left > 0; left--) at += 8 + 4 * body.readUInt16LE(at + 6)
  const actionCounts = body.subarray(at, at + actCount)
  let actionsAt = at + ((actCount + 3) & ~3)

  at = symbolsAt
  const keys = new Map<number, Key>()
  const modifierKeys = new Set<number>()
  for (let code = firstSym; code < firstSym + symCount; code++) {
    const [info, width, symbolCount] = [body[at + 4]!, body[at + 5]!, body.readUInt16LE(at + 6)]
    const actionCount = actionCounts[code - firstAct] ?? 0
    const groups: KeyGroup[] = []
    for (let group = 0; group < (info & 15); group++) {
      const start = at + 8 + 4 * group * width
      const keysyms = Array.from({ length: width }, (_, level) => body.readUInt32LE(start + 4 * level))
      const action = actionsAt + 8 * group * width
      const kind = actionCount > 0 ? body[action]! : 0
      if (HOLDING_ACTIONS.includes(kind)) modifierKeys.add(code)
      const sets = kind === SET_MODS ? body[action + 2]! : 0
      groups.push({ type: types[body[at + group]!]!, keysyms, sets })
    }
    keys.set(code, { groups, outOfRange: info >> 6, redirect: (info >> 4) & 3 })
    at += 8 + 4 * symbolCount
    actionsAt += 8 * actionCount
  }
  return { keys, modifierKeys }
}
