import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import type { KeyCode } from '../../protocol/key-codes.ts'
import { expertToClipboard } from '../../protocol/messages/clipboard.ts'
import {
  expertPointerMessage,
  type InputMessage,
  inputMessage,
  MAX_TEXT_LENGTH,
  type PointerButton,
} from '../../protocol/messages/input.ts'
import type { RemoteHands } from './view.ts'

/** The expert's hands as messages on the line to the agent. Nothing is kept: what is not sent now is not sent. */
export class LineHands implements RemoteHands {
  readonly #send: (label: string, text: string) => void
  #n = 0

  constructor(send: (label: string, text: string) => void) {
    this.#send = send
  }

  /** A new link counts anew. */
  linked(): void {
    this.#n = 0
  }

  at(x: number, y: number): void {
    const message = expertPointerMessage.encode({ t: 'at', n: this.#n++, x, y })
    this.#send(EXPERT_CHANNELS.pointer.label, message)
  }

  button(button: PointerButton, isDown: boolean, x: number, y: number): void {
    this.#input({ t: 'button', n: this.#n++, button, isDown, x, y })
  }

  wheel(dx: number, dy: number, x: number, y: number): void {
    this.#input({ t: 'wheel', n: this.#n++, x, y, dx, dy })
  }

  text(text: string): void {
    let piece = ''
    for (const character of text) {
      if (piece.length + character.length > MAX_TEXT_LENGTH) {
        this.#input({ t: 'text', text: piece })
        piece = ''
      }
      piece += character
    }
    if (piece !== '') this.#input({ t: 'text', text: piece })
  }

  key(code: KeyCode, isDown: boolean, character?: string): void {
    this.#input({ t: 'key', code, isDown, ...(character === undefined ? {} : { character }) })
  }

  holding(): void {
    this.#input({ t: 'holding' })
  }

  letGo(): void {
    this.#input({ t: 'let-go' })
  }

  show(x: number, y: number): void {
    this.#input({ t: 'show', x, y })
  }

  putClipboard(text: string): void {
    this.#send(EXPERT_CHANNELS.clipboard.label, expertToClipboard.encode({ t: 'put', text }))
  }

  wantClipboard(): void {
    this.#send(EXPERT_CHANNELS.clipboard.label, expertToClipboard.encode({ t: 'want' }))
  }

  #input(message: InputMessage): void {
    this.#send(EXPERT_CHANNELS.input.label, inputMessage.encode(message))
  }
}
