import type { LocalHands } from '../port.ts'
import type { XConnection } from './connection.ts'
import { watchInputDevices } from './input-devices.ts'
import { claimStopKey } from './stop-key.ts'

const MOVES = new Set(['XIRawMotion', 'XIRawTouchUpdate'])
const PRESSES = new Set([
  'XIRawButtonPress',
  'XIRawButtonRelease',
  'XIRawKeyPress',
  'XIRawKeyRelease',
  'XIRawTouchBegin',
  'XIRawTouchEnd',
])

/**
 * The server reports raw input to everybody who asks, with the device it came from, even while a program grabs mouse
 * or keyboard. So the customer's hands are known without guessing: no comparing of positions, no timing.
 */
export async function watchLocalHands(connection: XConnection): Promise<LocalHands> {
  const xinput = await connection.extension('xinput')
  const devices = await watchInputDevices(connection, xinput)
  const stopKey = await claimStopKey(connection)
  const inputListeners: ((kind: 'move' | 'press') => void)[] = []
  const stopListeners: (() => void)[] = []
  let lastPressAtMs = Number.NEGATIVE_INFINITY
  let closed = false

  connection.onEvent((event) => {
    if (closed || event.name === undefined || !('sourceId' in event)) return
    const kind = MOVES.has(event.name) ? 'move' : PRESSES.has(event.name) ? 'press' : undefined
    if (kind === undefined) return
    const atMs = performance.now()
    devices.whetherHardware(event.sourceId, (hardware) => {
      if (!hardware || closed) return
      if (kind === 'press') lastPressAtMs = atMs
      for (const listener of inputListeners) listener(kind)
      if (event.name !== 'XIRawKeyPress' || !stopKey.is(event.detail)) return
      for (const listener of stopListeners) listener()
    })
  })
  const mask = [...MOVES, ...PRESSES]
    .map((name) => xinput.EventMask[name.slice(2)] ?? 0)
    .reduce((all, bit) => all | bit, 0)
  xinput.XISelectEvents(connection.root, { deviceId: xinput.AllMasterDevices, mask })
  await connection.sync()

  return {
    tellsInjectedApart: true,
    lastPressAtMs: () => lastPressAtMs,
    onInput(listener) {
      inputListeners.push(listener)
    },
    onStopKey(listener) {
      stopListeners.push(listener)
    },
    async close() {
      if (closed) return
      closed = true
      xinput.XISelectEvents(connection.root, { deviceId: xinput.AllMasterDevices, mask: 0 })
      stopKey.release()
      await connection.sync().catch(() => {})
    },
  }
}
