import type { KeyCode } from '../../protocol/key-codes.ts'
import type { PointerButton } from '../../protocol/messages/input.ts'
import type { RemoteHands } from '../session/view.ts'

/** One thing the expert's hands do at the customer's screen. */
export type Deed =
  | { readonly t: 'at'; readonly x: number; readonly y: number }
  | {
      readonly t: 'button'
      readonly button: PointerButton
      readonly isDown: boolean
      readonly x: number
      readonly y: number
    }
  | { readonly t: 'wheel'; readonly dx: number; readonly dy: number; readonly x: number; readonly y: number }
  | { readonly t: 'text'; readonly text: string }
  | { readonly t: 'key'; readonly code: KeyCode; readonly isDown: boolean; readonly character?: string }

export function doWith(hands: RemoteHands, deed: Deed): void {
  switch (deed.t) {
    case 'at':
      hands.at(deed.x, deed.y)
      break
    case 'button':
      hands.button(deed.button, deed.isDown, deed.x, deed.y)
      break
    case 'wheel':
      hands.wheel(deed.dx, deed.dy, deed.x, deed.y)
      break
    case 'text':
      hands.text(deed.text)
      break
    case 'key':
      hands.key(deed.code, deed.isDown, deed.character)
  }
}
