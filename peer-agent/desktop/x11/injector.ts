import { type KeyCode, MODIFIER_CODES } from '../../../protocol/key-codes.ts'
import type { PointerButton } from '../../../protocol/messages/input.ts'
import type { Injector, InjectorEvents, InjectorOptions } from '../injector.ts'
import { DesktopUnavailable } from '../unavailable.ts'
import { openBorrowedKeys } from './borrowed-keys.ts'
import { connectX, type XConnection } from './connection.ts'
import { createInputLine, type InputItem } from './input-line.ts'
import { keycodeAt } from './key-places.ts'
import { openKeyboard } from './keyboard.ts'
import { watchMonitors } from './monitors.ts'
import { noLongerThan } from './no-longer-than.ts'
import { watchOwnWindows } from './own-windows.ts'
import { openReceiver } from './receiver.ts'
import { keyOf } from './strokes.ts'
import { createTypist } from './typist.ts'
import { createWheel } from './wheel.ts'
import { openXTest } from './xtest.ts'

const BUTTONS: Readonly<Record<PointerButton, number>> = { left: 1, middle: 2, right: 3, back: 8, forward: 9 }
/** Coordinates have 16 bits with a sign. */
const LAST_PIXEL = 32_767
/** A server that hangs must not keep the agent from ending. */
const CLOSE_MS = 2000
const NEEDED = ['XTEST', 'XKEYBOARD', 'XInputExtension']
const MODIFIERS: ReadonlySet<KeyCode> = new Set(MODIFIER_CODES)

/** Injects by XTEST, over a connection of its own: nothing else can delay it. See `release-held.ts` for crashes. */
export async function openX11Injector(options: InjectorOptions, events: InjectorEvents): Promise<Injector> {
  const connection = await connectX({ display: options.display })
  try {
    for (const name of NEEDED) if (!(await connection.hasExtension(name))) throw lacking(name)
    return await createInjector(connection, options, events)
  } catch (error) {
    await connection.close()
    throw error
  }
}

function lacking(extension: string): DesktopUnavailable {
  return new DesktopUnavailable(
    'missing-extension',
    `Mouse and keyboard of this computer can't be controlled: its X server lacks the extension ${extension}.`,
  )
}

async function createInjector(
  connection: XConnection,
  options: InjectorOptions,
  events: InjectorEvents,
): Promise<Injector> {
  const xtest = await openXTest(connection)
  const keyboard = await openKeyboard(connection)
  const borrowed = await openBorrowedKeys(connection, await openReceiver(connection))
  const typist = createTypist(xtest, keyboard, borrowed)
  const own = await watchOwnWindows(connection, options.ownProcess)
  const monitors = await watchMonitors(connection)
  let origin = await monitors.read()
  const wheel = createWheel()
  /** Which key went down for a code: the layout may be another one when it goes up. */
  const keycodes = new Map<KeyCode, number>()
  let isOver = false

  monitors.onChange(() => {
    monitors.read().then(
      (now) => {
        origin = now
      },
      () => {},
    )
  })

  function fail(reason: string): void {
    if (isOver) return
    isOver = true
    letGo()
    events.failed(reason)
  }
  connection.onLost((reason) => fail(reason.message))

  function move(x: number, y: number): { left: number; top: number } {
    const left = Math.min(Math.round(x) + origin.left, LAST_PIXEL)
    const top = Math.min(Math.round(y) + origin.top, LAST_PIXEL)
    xtest.move(left, top)
    return { left, top }
  }

  /** Whether input may go to this place, and is still wanted. */
  async function mayReach(x: number, y: number, isWanted: () => boolean): Promise<boolean> {
    const { left, top } = move(x, y)
    return mayGo(await own.areAt(left, top), isWanted)
  }

  function mayGo(isOurs: boolean, isWanted: () => boolean): boolean {
    if (!isWanted()) return false
    if (isOurs) events.shielded()
    return !isOurs
  }

  async function pressKey(code: KeyCode, character: string | undefined, isWanted: () => boolean) {
    // A modifier alone does nothing, and held over the customer's window it may be meant for a click elsewhere.
    const asked = MODIFIERS.has(code) ? false : own.haveKeyboard()
    const [isOurs, now] = await Promise.all([asked, character === undefined ? undefined : keyboard.now()])
    if (!mayGo(isOurs, isWanted)) return
    const byCharacter = now && keyOf(now.map, now.group, character!)
    const keycode = byCharacter ?? keycodeAt(code)
    keycodes.set(code, keycode)
    xtest.key(keycode, true)
  }

  async function inject(item: InputItem, isWanted: () => boolean): Promise<void> {
    switch (item.t) {
      case 'move':
        move(item.x, item.y)
        return
      case 'button':
        if (item.isDown && !(await mayReach(item.x, item.y, isWanted))) return
        xtest.atOnce(() => {
          move(item.x, item.y)
          xtest.button(BUTTONS[item.button], item.isDown)
        })
        return
      case 'wheel': {
        const clicks = wheel.turn(item.dx, item.dy)
        if (clicks.length === 0) return void move(item.x, item.y)
        if (!(await mayReach(item.x, item.y, isWanted))) return
        xtest.atOnce(() => {
          move(item.x, item.y)
          for (const button of clicks) for (const isDown of [true, false]) xtest.button(button, isDown)
        })
        return
      }
      case 'text':
        return typist.type(item.text, async () => mayGo(await own.haveKeyboard(), isWanted), isWanted)
      case 'key': {
        const { code, isDown, character } = item
        const keycode = keycodes.get(code)
        if (isDown) return keycode === undefined ? pressKey(code, character, isWanted) : undefined
        keycodes.delete(code)
        if (keycode !== undefined) xtest.key(keycode, false)
      }
    }
  }

  const line = createInputLine(async (item, isWanted) => {
    try {
      await inject(item, isWanted)
      await connection.sync()
    } catch (error) {
      fail(`Mouse and keyboard can't be controlled any more: ${(error as Error).message}`)
    }
  })
  const add = (item: InputItem) => {
    if (!isOver) line.add(item)
  }

  function letGo(): void {
    line.clear()
    wheel.stop()
    keycodes.clear()
    xtest.releaseAll()
  }

  return {
    takesCtrlAltDel: true,
    move: (x, y) => add({ t: 'move', x, y }),
    button: (button, isDown, x, y) => add({ t: 'button', button, isDown, x, y }),
    wheel: (dx, dy, x, y) => add({ t: 'wheel', dx, dy, x, y }),
    text: (text) => add({ t: 'text', text }),
    key: (code, isDown, character) => add({ t: 'key', code, isDown, character }),
    letGo,
    get isHolding() {
      return xtest.isHolding
    },
    async close() {
      isOver = true
      letGo()
      await noLongerThan(
        CLOSE_MS,
        borrowed.takeBack().catch(() => {}),
      )
      await connection.close()
    },
  }
}
