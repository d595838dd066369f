import type { XConnection } from './connection.ts'

/** Input by the X server's extension XTEST, and what is down through it. */
export interface XTest {
  /** On the root window. */
  move(x: number, y: number): void
  button(button: number, isDown: boolean): void
  key(keycode: number, isDown: boolean): void
  readonly keysDown: ReadonlySet<number>
  readonly isHolding: boolean
  /** Releases every key and button that is down through here. */
  releaseAll(): void
  /** What `send` sends leaves in one piece: if we are killed, the server has all of it or nothing. */
  atOnce(send: () => void): void
}

export async function openXTest(connection: XConnection): Promise<XTest> {
  const xtest = await connection.extension('xtest')
  const { stream } = connection.client
  const keysDown = new Set<number>()
  const buttonsDown = new Set<number>()

  const fake = (type: number, detail: number, x = 0, y = 0) => xtest.FakeInput(type, detail, 0, 0, x, y)

  function button(number: number, isDown: boolean): void {
    // Somebody else may hold it by XTEST as well: only what went down through here goes up through here.
    if (!isDown && !buttonsDown.delete(number)) return
    if (isDown) buttonsDown.add(number)
    fake(isDown ? xtest.ButtonPress : xtest.ButtonRelease, number)
  }

  function key(keycode: number, isDown: boolean): void {
    if (!isDown && !keysDown.delete(keycode)) return
    if (isDown) keysDown.add(keycode)
    fake(isDown ? xtest.KeyPress : xtest.KeyRelease, keycode)
  }

  function atOnce(send: () => void): void {
    stream.cork()
    try {
      send()
    } finally {
      stream.uncork()
    }
  }

  return {
    move: (x, y) => fake(xtest.MotionNotify, 0, x, y),
    button,
    key,
    keysDown,
    get isHolding() {
      return keysDown.size + buttonsDown.size > 0
    },
    releaseAll() {
      atOnce(() => {
        for (const number of [...buttonsDown]) button(number, false)
        for (const keycode of [...keysDown].reverse()) key(keycode, false)
      })
    },
    atOnce,
  }
}
