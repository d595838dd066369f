import type { XkbExtension, XkbState } from 'x11'
import type { XConnection } from './connection.ts'
import { type KeyboardMap, LOCK, readKeyboardMap } from './keyboard-map.ts'
import { type Stroke, strokesOf, type Typing } from './strokes.ts'

/** The customer's keyboard at one moment: they may switch layouts or locks at any time. */
export interface KeyboardNow extends Typing {
  readonly map: KeyboardMap
  readonly strokes: ReadonlyMap<string, Stroke>
  readonly isCapsLocked: boolean
}

export interface Keyboard {
  now(): Promise<KeyboardNow>
  /** True if keys have other meanings than `now` last told. Up to date after each reply of the server. */
  readonly isChanged: boolean
  /** Caps Lock as such: no key is pressed. */
  setCapsLock(isOn: boolean): void
}

const NEW_KEYBOARD = 0
const MAP_CHANGED = 1
const ALL_PARTS = 0xff
const SLAVE_KEYBOARD = 4
const ALL_DEVICES = 0

export async function openKeyboard(connection: XConnection): Promise<Keyboard> {
  const xkb = await connection.extension('xkb')
  const device = await injectingKeyboard(connection, xkb)
  const events = (1 << NEW_KEYBOARD) | (1 << MAP_CHANGED)
  let isChanged = true
  let map: KeyboardMap | undefined
  let strokes: { of: string; all: ReadonlyMap<string, Stroke> } | undefined

  connection.onEvent((event) => {
    if (event.name === 'XkbEvent' && (event.xkbType === NEW_KEYBOARD || event.xkbType === MAP_CHANGED))
      isChanged = true
  })
  xkb.SelectEvents(xkb.UseCoreKbd, events, 0, events, ALL_PARTS, ALL_PARTS)

  async function readMap(): Promise<KeyboardMap> {
    isChanged = false
    strokes = undefined
    try {
      map = await readKeyboardMap(connection, xkb, device)
      return map
    } catch (error) {
      isChanged = true
      throw error
    }
  }

  return {
    async now() {
      let known: KeyboardMap
      let state: XkbState
      do {
        const askState = connection.ask<XkbState>((done) => xkb.GetState(xkb.UseCoreKbd, done))
        ;[state, known] = await Promise.all([askState, isChanged || !map ? readMap() : map])
      } while (isChanged)
      const { group } = state
      const locked = state.lockedMods & ~LOCK
      const isCapsLocked = (state.lockedMods & LOCK) !== 0
      if (strokes?.of !== `${group}/${locked}`)
        strokes = { of: `${group}/${locked}`, all: strokesOf(known, { group, locked }) }
      return { map: known, group, locked, isCapsLocked, strokes: strokes.all }
    },
    get isChanged() {
      return isChanged
    },
    setCapsLock(isOn) {
      xkb.LatchLockState(xkb.UseCoreKbd, LOCK, isOn ? LOCK : 0, false, 0, 0, 0, false, 0)
    },
  }
}

/**
 * Each pair of core devices has an XTEST keyboard with a map of its own, which all programs see as soon as it is used.
 * It can differ from what the hardware last used has, e.g. of a keyboard that was plugged in after the layout was set.
 */
async function injectingKeyboard(connection: XConnection, xkb: XkbExtension): Promise<number> {
  const xinput = await connection.extension('xinput')
  const [devices, { deviceID }] = await Promise.all([
    connection.ask<{ deviceId: number; use: number; attachment: number; name: string }[]>((done) =>
      xinput.XIQueryDevice(ALL_DEVICES, done),
    ),
    connection.ask<XkbState>((done) => xkb.GetState(xkb.UseCoreKbd, done)),
  ])
  const found = devices.find(
    ({ use, attachment, name }) =>
      use === SLAVE_KEYBOARD && attachment === deviceID && /\bXTEST\b/.test(name),
  )
  return found?.deviceId ?? xkb.UseCoreKbd
}
