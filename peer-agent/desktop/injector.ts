import type { KeyCode } from '../../protocol/key-codes.ts'
import type { PointerButton } from '../../protocol/messages/input.ts'

/**
 * The only way remote input reaches the customer's system. One implementation per system (`x11/`, `windows/`) and a
 * `fake/` for unit tests. Nothing but the gate in `peer-agent/control/` may use it [K1]: a test proves it.
 *
 * All calls are worked off in order. What a system needs time for waits inside, and is thrown away by `letGo`.
 * Places are device pixels of the layout's space, see `port.ts`.
 */
export interface Injector {
  /** True where the system takes an injected Ctrl+Alt+Del. */
  readonly takesCtrlAltDel: boolean
  move(x: number, y: number): void
  /** The pointer is moved there first. A press on a window of our own is not injected, see `InjectorEvents`. */
  button(button: PointerButton, isDown: boolean, x: number, y: number): void
  /** In 1/120 of a notch, right and down; less than the system's smallest step is kept for the next call. */
  wheel(dx: number, dy: number, x: number, y: number): void
  /**
   * Types these characters whatever the layout of the customer's keyboard, its lock keys, and what is held down
   * through here [K5]. `\n` is Enter, `\t` is Tab; other control characters are passed over.
   */
  text(text: string): void
  /**
   * A key as such. With `character` given it is the key that has this character on the customer's keyboard, where
   * there is one: of Ctrl+Z the letter matters, not its place. Up goes to the key that went down for this `code`.
   */
  key(code: KeyCode, isDown: boolean, character?: string): void
  /**
   * Throws away everything that waits and releases every key and button that is down through here. When it returns
   * nothing asked for before can reach the system any more but these releases [K2].
   */
  letGo(): void
  /** True while any key or button is down through here. */
  readonly isHolding: boolean
  /** Lets go; afterwards nothing of it is left on the system (no mapping, no held key). */
  close(): Promise<void>
}

export interface InjectorEvents {
  /** Input was not injected since it was aimed at a window of our own: that one is the customer's alone. */
  shielded(): void
  /** Nothing can be injected any more, e.g. the X server is gone. Called at most once. */
  failed(reason: string): void
}

export interface InjectorOptions {
  /** The X display, where it is not the environment's. */
  readonly display?: string | undefined
  /** Process whose windows take no remote input: the browser that shows the customer's window. */
  readonly ownProcess?: number | undefined
}

export type OpenInjector = (options: InjectorOptions, events: InjectorEvents) => Promise<Injector>
