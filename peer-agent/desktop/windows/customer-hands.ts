import type { HandsInput } from '../port.ts'
import { OWN_TAG } from './input-steps.ts'
import type { KeyEvent, MouseEvent } from './user32.ts'

/**
 * Tells the customer's own input among all that the hooks see, and knows what they hold down. What any program injected
 * bears a flag; ours bears a tag besides. Neither is the customer's.
 */
export interface CustomerHands {
  /** What the customer did by this, or null where it was not theirs or told nothing new, as a key that repeats. */
  mouse(message: number, event: MouseEvent): HandsInput | null
  key(event: KeyEvent): HandsInput | null
  isStopKey(event: KeyEvent): boolean
  /**
   * Forgets what Windows says is up. Its going up was seen by nobody where another desktop was in front: after
   * Ctrl+Alt+Del all three would count as held for ever. Returns whether anything was forgotten.
   */
  forgetReleased(isDown: (virtualKey: number) => boolean): boolean
  heldCount(): number
}

const INJECTED_MOUSE = 0x01 | 0x02
const INJECTED_KEY = 0x10 | 0x02
const EXTENDED_KEY = 0x01
const KEY_GOES_UP = 0x80
const F11 = 0x7a

/** Window message of a button that goes down, and the button's virtual key; the one that goes up is the next number. */
const BUTTONS = new Map([
  [0x0201, 0x01],
  [0x0204, 0x02],
  [0x0207, 0x04],
])
const X_BUTTON_DOWN = 0x020b
const FIRST_X_BUTTON = 0x05
/** A touch or pen that Windows makes a mouse's event of, whatever flags that bears. */
const TOUCH_MASK = 0xffffff00
const TOUCH = 0xff515700
const LEFT_AND_RIGHT = [0x01, 0x02]

export function trackCustomerHands(): CustomerHands {
  /** What is held, and the virtual key to ask Windows for. */
  const held = new Map<string, number>()

  function change(name: string, virtualKey: number, isDown: boolean): HandsInput | null {
    if (!isDown) {
      held.delete(name)
      return 'release'
    }
    if (held.has(name)) return null
    held.set(name, virtualKey)
    return 'press'
  }

  return {
    mouse(message, { flags, dwExtraInfo, mouseData }) {
      if (!isTheirs((flags & INJECTED_MOUSE) !== 0, dwExtraInfo)) return null
      const down = BUTTONS.get(message)
      const up = BUTTONS.get(message - 1)
      const button = down ?? up
      if (button !== undefined) return change(`button ${button}`, button, down !== undefined)
      if (message !== X_BUTTON_DOWN && message !== X_BUTTON_DOWN + 1) return 'move'
      const xButton = FIRST_X_BUTTON - 1 + (mouseData >>> 16)
      return change(`button ${xButton}`, xButton, message === X_BUTTON_DOWN)
    },
    key(event) {
      if (!isTheirs((event.flags & INJECTED_KEY) !== 0, event.dwExtraInfo)) return null
      // The place, not the virtual key: that one may be another when it goes up, as Num Lock and Shift will have it.
      const place = `key ${event.flags & EXTENDED_KEY} ${event.scanCode}`
      return change(place, event.vkCode, (event.flags & KEY_GOES_UP) === 0)
    },
    isStopKey: ({ vkCode, flags, dwExtraInfo }) =>
      vkCode === F11 && isTheirs((flags & INJECTED_KEY) !== 0, dwExtraInfo),
    forgetReleased(isDown) {
      const before = held.size
      for (const [name, virtualKey] of held) {
        // Windows tells of the left and the right button now as they are built, now as they are swapped.
        const asked = LEFT_AND_RIGHT.includes(virtualKey) ? LEFT_AND_RIGHT : [virtualKey]
        if (!asked.some(isDown)) held.delete(name)
      }
      return held.size < before
    },
    heldCount: () => held.size,
  }
}

function isTheirs(isInjected: boolean, extraInfo: number | bigint): boolean {
  const tag = Number(BigInt.asUintN(32, BigInt(extraInfo)))
  if (tag === OWN_TAG) return false
  return !isInjected || (tag & TOUCH_MASK) >>> 0 === TOUCH
}
