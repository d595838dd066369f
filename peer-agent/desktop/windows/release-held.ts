import { buttonStep, type InputStep, type Key, keyStep, MENU_GUARD } from './input-steps.ts'
import { KEY_PLACES } from './key-places.ts'
import { openUser32 } from './user32.ts'

/** The buttons as Windows numbers them among the keys. */
const BUTTONS = [
  [0x01, 'left'],
  [0x02, 'right'],
  [0x04, 'middle'],
  [0x05, 'back'],
  [0x06, 'forward'],
] as const
const FIRST_KEY = 0x08
const LAST_KEY = 0xfe
/** Shift, Ctrl and Alt of whichever side: they go up with the left and the right one. */
const EITHER_SIDE = [0x10, 0x11, 0x12]
/** Left and right Alt and Win. */
const MENU_KEYS = [0xa4, 0xa5, 0x5b, 0x5c]

/**
 * Releases whatever is down, and returns how many keys and buttons that were. For when an agent was killed while the
 * expert held something: Windows knows one state of each key and not whose it is, so what the customer holds at this
 * moment goes up too; a key of theirs that repeats comes back by itself.
 */
export function releaseHeld(): number {
  const user32 = openUser32()
  const steps: InputStep[] = []
  // Windows tells of the buttons as they are built, and takes them so.
  for (const [virtualKey, button] of BUTTONS)
    if (user32.isDown(virtualKey)) steps.push(buttonStep(button, false, false))
  const layout = user32.keyboardLayoutOf(0)
  for (let virtualKey = FIRST_KEY; virtualKey <= LAST_KEY; virtualKey++) {
    if (EITHER_SIDE.includes(virtualKey) || !user32.isDown(virtualKey)) continue
    const scanCode = user32.scanCodeOf(virtualKey, layout) & 0xff
    steps.push(keyStep(knownKey(virtualKey) ?? { virtualKey, scanCode, isExtended: false }, false))
  }
  const opensMenu = steps.some((step) => step.device === 'key' && MENU_KEYS.includes(step.virtualKey))
  if (steps.length > 0) user32.sendInput(opensMenu ? [...MENU_GUARD, ...steps] : steps)
  return steps.length
}

function knownKey(virtualKey: number): Key | undefined {
  return [...KEY_PLACES.values()].find((place) => place.virtualKey === virtualKey && !place.bearsCharacter)
}
