import type { KeyCode } from '../../../protocol/key-codes.ts'
import type { PointerButton } from '../../../protocol/messages/input.ts'

export type InputItem =
  | { readonly t: 'move'; readonly x: number; readonly y: number }
  | {
      readonly t: 'button'
      readonly button: PointerButton
      readonly isDown: boolean
      readonly x: number
      readonly y: number
    }
  | { readonly t: 'wheel'; readonly dx: number; readonly dy: number; readonly x: number; readonly y: number }
  | { readonly t: 'text'; readonly text: string }
  | {
      readonly t: 'key'
      readonly code: KeyCode
      readonly isDown: boolean
      readonly character: string | undefined
    }

/**
 * What waits to be injected, in order. Only one item is worked off at a time, and what works it off sees to it that
 * the server has it before it resolves: so whatever is not wanted any more can still be thrown away.
 */
export interface InputLine {
  add(item: InputItem): void
  /** Throws away what waits; the item under way is told by its `isWanted`. */
  clear(): void
}

export function createInputLine(
  inject: (item: InputItem, isWanted: () => boolean) => Promise<void>,
): InputLine {
  let waiting: InputItem[] = []
  let turn = 0
  let isWorking = false

  async function work(): Promise<void> {
    isWorking = true
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      const mine = turn
      await inject(item, () => mine === turn)
    }
    isWorking = false
  }

  return {
    add(item) {
      // Where the pointer was on its way is of no interest once it is elsewhere.
      if (item.t === 'move' && waiting.at(-1)?.t === 'move') waiting.pop()
      waiting.push(item)
      if (!isWorking) void work()
    },
    clear() {
      turn++
      waiting = []
    },
  }
}
