import type { KeyCode } from '../../../protocol/key-codes.ts'
import type { Key } from './input-steps.ts'
import { KEY_PLACES } from './key-places.ts'
import type { Handle, User32 } from './user32.ts'

/**
 * The key to press. The layout is the one of the window that gets it: every window may have its own. Programs go by
 * the virtual key, some by the scan code, so both are given.
 */
export function findKey(user32: User32, code: KeyCode, character: string | undefined): Key {
  const place = KEY_PLACES.get(code)!
  if (!place.bearsCharacter) {
    // Without a character the expert's Num Lock is off, and the key is an arrow or the like.
    const { withoutNumLock } = place
    return withoutNumLock !== undefined && character === undefined
      ? { ...place, virtualKey: withoutNumLock }
      : place
  }
  const window = user32.foregroundWindow()
  const layout = user32.keyboardLayoutOf(window === null ? 0 : user32.ownerOf(window).thread)
  return keyWith(user32, layout, character) ?? keyAt(user32, layout, place)
}

/** Where the layout has the character: what would have to be held for it is not the shortcut's concern. */
function keyWith(user32: User32, layout: Handle | null, character: string | undefined): Key | undefined {
  if (character?.length !== 1) return undefined
  const found = user32.keyThatHas(character.charCodeAt(0), layout)
  const virtualKey = found & 0xff
  if (found === -1 || virtualKey === 0xff) return undefined
  const scanCode = user32.scanCodeOf(virtualKey, layout)
  return { virtualKey, scanCode: scanCode & 0xff, isExtended: scanCode >>> 8 === 0xe0 }
}

function keyAt(user32: User32, layout: Handle | null, place: Key): Key {
  return { ...place, virtualKey: user32.virtualKeyAt(place.scanCode, layout) || place.virtualKey }
}
