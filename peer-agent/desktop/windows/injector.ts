import { MODIFIER_CODES } from '../../../protocol/key-codes.ts'
import type { Injector, InjectorEvents, InjectorOptions } from '../injector.ts'
import { inTurns } from './in-turns.ts'
import {
  buttonStep,
  type InputStep,
  keyStep,
  MENU_GUARD,
  moveStep,
  textSteps,
  wheelSteps,
} from './input-steps.ts'
import { findKey } from './key-finder.ts'
import { ownWindows } from './own-windows.ts'
import { openUser32 } from './user32.ts'
import { virtualScreen } from './virtual-screen.ts'

export interface WindowsInjector extends Injector {
  /** How many events Windows did not take, see `openWindowsInjector`. */
  refusedCount(): number
}

interface Held {
  readonly down: InputStep
  readonly up: InputStep
}

const MODIFIERS: readonly string[] = MODIFIER_CODES
/** Keys that open a menu when they go up with nothing pressed in between. */
const MENU_CODES: readonly string[] = ['AltLeft', 'AltRight', 'MetaLeft', 'MetaRight']
const SM_SWAPBUTTON = 23
/** Every hook on the desktop is called for every event: a long text in one piece would keep the agent from the hands. */
const CHARACTERS_A_TURN = 8

/**
 * Injects by SendInput, which returns when the events are in the system's own queue, in one piece. So nothing waits in
 * here but the rest of a long text and what was asked for after it.
 *
 * Windows lets nobody inject into a window with more rights than theirs, nor into its own questions (UIPI, the secure
 * desktop). Sometimes it says so by taking fewer events than it was given: those are counted, a key or button among
 * them does not count as held, and the next call is made as ever, since the next window may take it. Mostly it says
 * nothing. So nothing here ends it for good, and `events.failed` is not called.
 */
export async function openWindowsInjector(
  options: InjectorOptions,
  events: InjectorEvents,
): Promise<WindowsInjector> {
  const user32 = openUser32()
  user32.useDevicePixels()
  const own = ownWindows(user32, options.ownProcess)
  const turns = inTurns()
  /** By code or button, in the order in which they went down. */
  const held = new Map<string, Held>()
  let refused = 0

  /** True where Windows took all of it. */
  function inject(...steps: readonly InputStep[]): boolean {
    if (steps.length === 0) return true
    const taken = user32.sendInput(steps)
    refused += steps.length - taken
    return taken === steps.length
  }

  const moveTo = (x: number, y: number) => moveStep(x, y, virtualScreen(user32))

  function isOwnAt(x: number, y: number): boolean {
    const { left, top } = virtualScreen(user32)
    return own.areAt(left + x, top + y)
  }

  function isShielded(isOwn: boolean): boolean {
    if (isOwn) events.shielded()
    return isOwn
  }

  const guardFor = (names: readonly string[]) =>
    names.some((name) => MENU_CODES.includes(name)) ? MENU_GUARD : []
  const upAgain = (names: readonly string[]) => [
    ...guardFor(names),
    ...names.toReversed().map((name) => held.get(name)!.up),
  ]

  function press(name: string, down: InputStep, up: InputStep, before: readonly InputStep[] = []): void {
    if (inject(...before, down)) held.set(name, { down, up })
  }

  function type(piece: string): void {
    if (isShielded(own.haveFocus())) return
    const modifiers = [...held.keys()].filter((name) => MODIFIERS.includes(name))
    const downAgain = modifiers.map((name) => held.get(name)!.down)
    inject(...upAgain(modifiers), ...textSteps(piece), ...downAgain, ...guardFor(modifiers))
  }

  function letGo(): void {
    turns.clear()
    inject(...upAgain([...held.keys()]))
    held.clear()
  }

  return {
    // Only a service may, one that the system's owner installed; an injected one is passed over in silence.
    takesCtrlAltDel: false,
    get isHolding() {
      return held.size > 0
    },
    refusedCount: () => refused,
    move: (x, y) => turns.take(() => inject(moveTo(x, y))),
    button(button, isDown, x, y) {
      turns.take(() => {
        const known = held.get(button)
        if (!isDown) {
          held.delete(button)
          inject(moveTo(x, y), ...(known ? [known.up] : []))
        } else if (known || isShielded(isOwnAt(x, y))) inject(moveTo(x, y))
        else {
          const isSwapped = user32.metric(SM_SWAPBUTTON) !== 0
          const step = (isPressed: boolean) => buttonStep(button, isPressed, isSwapped)
          press(button, step(true), step(false), [moveTo(x, y)])
        }
      })
    },
    wheel(dx, dy, x, y) {
      turns.take(() => inject(moveTo(x, y), ...(isShielded(isOwnAt(x, y)) ? [] : wheelSteps(dx, dy))))
    },
    text(text) {
      const characters = [...text]
      const pieces = Array.from({ length: Math.ceil(characters.length / CHARACTERS_A_TURN) }, (_, index) =>
        characters.slice(index * CHARACTERS_A_TURN, (index + 1) * CHARACTERS_A_TURN).join(''),
      )
      turns.take(...pieces.map((piece) => () => type(piece)))
    },
    key(code, isDown, character) {
      turns.take(() => {
        const known = held.get(code)
        if (!isDown) {
          held.delete(code)
          if (known) inject(known.up)
        } else if (isShielded(own.haveFocus())) return
        else if (known) inject(known.down)
        else {
          const key = findKey(user32, code, character)
          press(code, keyStep(key, true), keyStep(key, false))
        }
      })
    },
    letGo,
    async close() {
      letGo()
    },
  }
}
